/** The page's sentences in the chosen language. */

import { byId } from "./dom.js";

/** What the server wrote into the page: language, sentences, endpoints, scheme word. */
export const page = JSON.parse(byId("data").textContent);

/** The whole address of a path of the server, also where the page lies below a hub's path. */
export const addressOf = (path) => new URL(`.${path}`, location).href;

/** The sentence of that key, with `{name}` replaced by the values. */
export function t(key, values = {}) {
  return page.strings[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Whether there is a sentence of that key. */
export const has = (key) => Object.hasOwn(page.strings, key);

/** Change the language of the whole page without a reload, which would lose the tokens. */
export async function speak(language) {
  const answer = await fetch(`lab/strings/${language}/`);
  if (!answer.ok) return;
  page.strings = await answer.json();
  page.language = language;
  document.documentElement.lang = language;
  document.title = t("title");
  const address = new URL(location);
  address.searchParams.set("lang", language);
  history.replaceState(null, "", address);
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const element of document.querySelectorAll(`[data-t-${name}]`)) element.setAttribute(name, t(element.getAttribute(`data-t-${name}`)));
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}

/** Seconds in words: 75 becomes "1 min 15 s". A round number, when `brief`, is said with its largest unit only. */
export function duration(seconds, brief = false) {
  const n = Math.max(0, Math.floor(seconds));
  const [, unit, size] = [[86400, "day"], [3600, "hour"], [60, "minute"]].map(([size, unit]) => [n >= size && n % size === 0, unit, size]).find(([fits]) => fits) ?? [];
  if (brief && unit) return t(`brief_${unit}`, { n: n / size });
  if (n < 60) return t("seconds", { n });
  if (n < 3600) return t("minutes", { m: Math.floor(n / 60), n: n % 60 });
  if (n < 86400) return t("hours", { h: Math.floor(n / 3600), m: Math.floor((n % 3600) / 60) });
  return t("days", { d: Math.floor(n / 86400), h: Math.floor((n % 86400) / 3600) });
}

const formats = {}; // to make one takes longer than to use it a thousand times

/** Seconds since 1970 as local date and time; empty for what is no date. */
export function localTime(seconds, style = { dateStyle: "medium", timeStyle: "medium" }) {
  const date = new Date(seconds * 1000);
  const key = page.language + Object.keys(style);
  formats[key] ??= new Intl.DateTimeFormat(page.language, style);
  return Number.isNaN(date.getTime()) ? "" : formats[key].format(date);
}

/** Seconds since 1970 as local time of day. */
export const timeOfDay = (seconds) => localTime(seconds, { timeStyle: "medium" });
