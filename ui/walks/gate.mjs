// A way to the server that can fail: a TCP proxy before it, which walks close, open again and cut.
import { connect, createServer } from "node:net";

export class Gate {
  /** Opens a way to a server. */
  static async before(server) {
    const gate = new Gate();
    gate.to = Number(new URL(server.url).port);
    gate.sockets = new Set();
    /** Bytes after which an answer breaks off; null if none does. */
    gate.cutAfter = null;
    await gate.listen(0);
    gate.url = `http://127.0.0.1:${gate.port}`;
    return gate;
  }

  listen(port) {
    this.listener = createServer((socket) => { this.pass(socket); });
    return new Promise((done, fail) => {
      this.listener.once("error", fail);
      this.listener.listen(port, "127.0.0.1", () => {
        this.port = this.listener.address().port;
        done();
      });
    });
  }

  pass(socket) {
    const there = connect(this.to, "127.0.0.1");
    there.on("data", (piece) => {
      if (this.cutAfter !== null && piece.length > this.cutAfter) {
        there.unpipe(socket);
        socket.end(piece.subarray(0, this.cutAfter));
      }
    });
    for (const [one, other] of [[socket, there], [there, socket]]) {
      this.sockets.add(one);
      one.on("close", () => { this.sockets.delete(one); other.destroy(); });
      one.on("error", () => { other.destroy(); });
      one.pipe(other);
    }
  }

  /** Breaks every connection; new ones still come through. */
  cut() {
    this.sockets.forEach((socket) => { socket.destroy(); });
  }

  /** Breaks every connection and refuses new ones, as if nobody were there. */
  async close() {
    const closed = new Promise((done) => { this.listener.close(done); });
    this.cut();
    await closed;
  }

  /** Lets everything through again, at the same address. */
  async open() {
    await this.listen(this.port);
  }
}
