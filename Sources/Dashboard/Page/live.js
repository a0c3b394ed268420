// News by server-sent events. The browser connects again by itself, and says with what it has seen where to go on; where it
// gives up, as when the server was stopped for long, this does.
export class Live {
  constructor(path, { onNews }) {
    this.path = path;
    this.onNews = onNews;
    this.last = null;
    this.open();
    Live.all.add(this);
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
      this.timer = setTimeout(() => this.open(), 2000);
    };
  }

  tell(isConnected) {
    this.isConnected = isConnected;
    const isLost = [...Live.all].some((live) => live.isConnected === false);
    document.getElementById("connection").textContent = isLost ? "Connection lost; trying again" : "";
  }

  close() {
    clearTimeout(this.timer);
    this.source.close();
    Live.all.delete(this);
    this.tell(true);
  }
}
Live.all = new Set();
