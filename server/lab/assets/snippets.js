/** The last request, ready to paste elsewhere: only what the page itself sent, not what the browser added. */

import { addressOf } from "./words.js";

const single = (text, escape) => `'${text.replaceAll("'", escape)}'`;
const shell = (text) => single(text, "'\\''");
const powershell = (text) => single(text, "''");

/** The request in a format: "curl", "powershell", "requests" or "http". */
export function snippet(format, { method, path, own, body }) {
  return FORMATS[format]({ method, url: addressOf(path), headers: Object.entries(own), body });
}

const FORMATS = {
  curl({ method, url, headers, body }) {
    const parts = [`curl -i -X ${method} ${shell(url)}`];
    for (const [name, value] of headers) parts.push(`-H ${shell(`${name}: ${value}`)}`);
    if (body !== null) parts.push(`-d ${shell(body)}`);
    return parts.join(" \\\n  ");
  },
  powershell({ method, url, headers, body }) {
    // Windows PowerShell wants the content type apart from the other headers.
    const others = headers.filter(([name]) => name !== "Content-Type");
    const list = others.map(([name, value]) => `${powershell(name)} = ${powershell(value)}`).join("; ");
    const tail = body === null ? "" : ` -ContentType 'application/json' -Body ${powershell(body)}`;
    return `Invoke-WebRequest -Method ${method} -Uri ${powershell(url)} -Headers @{ ${list} }${tail}`;
  },
  requests({ method, url, headers, body }) {
    const list = headers.map(([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
    const data = body === null ? [] : [`    data=${JSON.stringify(body)},`];
    return ["import requests", "", "response = requests.request(", `    ${JSON.stringify(method)},`, `    ${JSON.stringify(url)},`,
      "    headers={", ...list, "    },", ...data, "    timeout=10,", ")",
      "print(response.status_code, response.reason)", "print(response.text)"].join("\n");
  },
  http({ method, url, headers, body }) {
    return [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`), "", body ?? ""].join("\n");
  },
};
