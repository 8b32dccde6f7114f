/** The flight recorder's stream: connects, goes on where it was, and says when the server is gone. */

const MOST = 2000;
const AGAIN = 1000; // milliseconds

/** Every record there is, oldest first. They outlive the connection. */
export const records = [];

let source = null;
let position = "";
let planned = false;

/** Connect and stay connected. `onRecords` is called after new records, `onState` with "open" or "lost". */
export function record({ onRecords, onState }) {
  function connect() {
    source?.close();
    planned = false;
    source = new EventSource(`/lab/stream/?after=${position}`);
    source.onopen = () => onState("open");
    source.onmessage = (event) => {
      if (add(event)) onRecords();
    };
    // The server ends each stream now and then, so that none holds a thread for ever.
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
  for (const { id, record: data } of fresh) records.push({ ...data, id: `${newEpoch}-${id}` });
  records.splice(0, Math.max(0, records.length - MOST));
  position = event.lastEventId;
  return fresh.length > 0;
}

function split(id) {
  const [epoch, number] = id.split("-");
  return [epoch, Number(number)];
}
