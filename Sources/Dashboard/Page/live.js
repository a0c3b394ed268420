// Receives updates as server-sent events. The browser reconnects by itself and sends the ID of the last event, so that the
// server can resume from there. If the browser gives up, as when the server was stopped for long, this class reconnects.
export class Live {
  // `path` maps the last event's ID to a URL, `isThere` checks whether the watched run still exists, and `onGone` is called
  // if it does not.
  constructor(path, { onNews, isThere = async () => true, onGone = () => {} }) {
    Object.assign(this, { path, onNews, isThere, onGone });
    this.last = null;
    this.open();
    Live.all.add(this);
    // A hidden page closes its connection: browsers allow only six per host.
    this.look = () => { if (document.hidden) this.source.close(); else if (this.source.readyState === EventSource.CLOSED) this.open(); };
    document.addEventListener("visibilitychange", this.look);
  }

  open() {
    this.source = new EventSource(this.path(this.last));
    this.source.onopen = () => this.tell(true);
    this.source.onmessage = (event) => {
      this.tell(true);
      this.last = event.lastEventId;
      this.onNews(JSON.parse(event.data));
    };
    this.source.onerror = () => {
      this.tell(false);
      if (this.source.readyState !== EventSource.CLOSED) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.retry(), 2000);
    };
  }

  async retry() {
    const isThere = await this.isThere().catch(() => true);
    if (!Live.all.has(this) || document.hidden) return;
    if (isThere) { this.open(); return; }
    this.close();
    this.onGone();
  }

  tell(isConnected) {
    this.isConnected = isConnected;
    const isLost = [...Live.all].some((live) => live.isConnected === false);
    document.getElementById("connection").textContent = isLost ? "Connection lost. Reconnecting…" : "";
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
    this.source.close();
    Live.all.delete(this);
    this.tell(true);
  }
}
Live.all = new Set();
