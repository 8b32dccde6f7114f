/** The flight recorder's stream: connects, goes on where it was, and says when the server is gone. */

const MOST = 2000;
const SPARE = 200; // so that not each record is a reason to look through all
const AGAIN = 1000; // milliseconds

/** Every record there is, oldest first. They outlive the connection. */
export const records = [];

/** The names of users by their ids, as far as a view has authenticated them. */
export const names = new Map();

let source = null;
let position = "";
let planned = false;

/** Connect and stay connected. `onRecords` is called after new records, `onState` with "open" or "lost". */
export function record({ onRecords, onState }) {
  function connect() {
    source?.close();
    planned = false;
    source = new EventSource(`lab/stream/?after=${position}`);
    source.onopen = () => onState("open");
    source.onmessage = (event) => {
      if (add(event)) onRecords();
    };
    // The server ends each stream now and then, so that none holds a thread forever.
    source.addEventListener("pause", () => (planned = true));
    source.onerror = () => {
      if (!planned) onState("lost");
      planned = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN);
    };
  }
  // A hidden tab gives its connection back: a browser has six for one address. It catches up when it is seen again.
  document.addEventListener("visibilitychange", () => (document.hidden ? source.close() : connect()));
  connect();
}

/** Keep the records of an event, each once. Says whether there was a new one. */
function add(event) {
  const [epoch, last] = split(position);
  const [newEpoch] = split(event.lastEventId);
  const fresh = JSON.parse(event.data).filter(({ id }) => newEpoch !== epoch || id > last);
  for (const { id, record: data } of fresh) {
    records.push({ ...data, id: `${newEpoch}-${id}` });
    if (data.proof === "authenticated") names.set(data.user_id, data.user);
  }
  if (records.length > MOST + SPARE) trim();
  position = event.lastEventId;
  return fresh.length > 0;
}

/** Let each client keep its newest records, as many as fit when all get the same room: a flood pushes nobody out. */
function trim() {
  const shareOf = ({ address, user }) => `${address} ${user}`;
  const counts = new Map();
  for (const record of records) counts.set(shareOf(record), (counts.get(shareOf(record)) ?? 0) + 1);
  let room = MOST;
  let most = Infinity;
  [...counts.values()].sort((a, b) => a - b).forEach((count, done, all) => {
    if (most === Infinity && count > room / (all.length - done)) most = Math.floor(room / (all.length - done));
    room -= count;
  });
  const kept = records.filter((record) => {
    const left = counts.get(shareOf(record));
    counts.set(shareOf(record), left - 1);
    return left <= most;
  });
  records.splice(0, records.length, ...kept);
}

function split(id) {
  const [epoch, number] = id.split("-");
  return [epoch, Number(number)];
}
