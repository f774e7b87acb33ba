// Jupyter's messaging protocol. https://jupyter-client.readthedocs.io/en/stable/messaging.html
import { setTimeout as sleep } from "node:timers/promises";
import { loadTslab } from "./load.js";
import type { CellSink } from "./output.js";
import type { CellOutcome, Session } from "./session.js";

const { ZmqServer } = loadTslab().jupyter;

type Socket = Parameters<InstanceType<typeof ZmqServer>["handleExecute"]>[0];
type Message = Parameters<InstanceType<typeof ZmqServer>["handleExecute"]>[1];

interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
}

/**
 * Time to wait for requests that were sent before an error was known, ms. These must be aborted; requests
 * after the reply must run.
 */
const DRAIN = 30;

export class KernelServer extends ZmqServer {
  readonly #session: Session;
  #queue: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** Requests received up to this number are aborted. */
  #abortUpTo = 0;
  #received = 0;

  constructor(session: Session, connectionFile: string) {
    super(session.handler, connectionFile);
    this.#session = session;
  }

  override handleExecute(socket: Socket, message: Message): Promise<void> {
    const number = ++this.#received;
    const done = this.#queue.then(() => this.#execute(socket, message, number));
    this.#queue = done.catch(() => {});
    return done;
  }

  async #execute(socket: Socket, message: Message, number: number): Promise<void> {
    const request = message.content as ExecuteRequest;
    if (number <= this.#abortUpTo) {
      // JupyterLab would show an execution count beside a cell that has not run.
      this.#reply(socket, message, "execute_reply", { status: "aborted" });
      return;
    }
    const silent = request.silent === true;
    if (!silent && request.store_history !== false) this.#count++;
    if (!silent)
      this.#publish(message, "execute_input", { code: request.code, execution_count: this.#count });

    const outcome = await this.#session.run(request.code, silent ? nowhere : this.#sink(message));
    if (outcome.status === "error") {
      const { status: _, ...error } = outcome;
      if (!silent) this.#publish(message, "error", error);
      if (request.stop_on_error !== false) {
        await sleep(DRAIN);
        this.#abortUpTo = this.#received;
      }
    }
    this.#reply(socket, message, "execute_reply", content(outcome, this.#count));
  }

  #sink(message: Message): CellSink {
    return {
      stream: (name, text) => this.#publish(message, "stream", { name, text }),
      display: (data, update) =>
        this.#publish(message, update ? "update_display_data" : "display_data", data),
    };
  }

  #publish(parent: Message, type: string, body: object): void {
    this.#reply(this.iopub, parent, type, body);
  }

  #reply(socket: Socket, parent: Message, type: string, body: object): void {
    const message = parent.createReply();
    message.header.msg_type = type;
    message.content = body;
    message.signAndSend(this.connInfo.key, socket);
  }

  /** tslab answers this request with a wrong message type. */
  override handleCommInfoRequest(socket: Socket, message: Message): void {
    this.#reply(socket, message, "comm_info_reply", { status: "ok", comms: {} });
  }

  /** Shutdown request: workers and timers of cells must not keep the process alive. */
  override close(): void {
    super.close();
    setTimeout(() => process.exit(0), 100).unref();
  }
}

const nowhere: CellSink = { stream() {}, display() {} };

function content(outcome: CellOutcome, count: number): object {
  const rest = outcome.status === "ok" ? { user_expressions: {}, payload: [] } : {};
  return { ...outcome, execution_count: count, ...rest };
}
