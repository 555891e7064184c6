import type { ConnectOptions, JsonObject, LoadOptions, PollOptions } from 'dynamics365-connector';

/**
 * The part of Node-RED's API that this package uses; Node-RED has no types of its own.
 * https://nodered.org/docs/creating-nodes/
 */

/** A message of a flow. */
export interface NodeMessage {
  _msgid?: string;
  payload?: unknown;
  [property: string]: unknown;
}

/** The status below a node in the editor. https://nodered.org/docs/creating-nodes/status */
export interface NodeStatus {
  readonly fill: 'red' | 'yellow' | 'green' | 'blue';
  readonly shape: 'dot' | 'ring';
  readonly text: string;
}

/** A node of a flow: `this` in the constructor of its type. https://nodered.org/docs/creating-nodes/node-js */
export interface NodeRedNode {
  readonly id: string;
  readonly credentials?: Readonly<Record<string, string | undefined>>;
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): void;
  on(event: 'input', listener: InputListener): void;
  send(message: NodeMessage): void;
  status(status: NodeStatus | Record<string, never>): void;
  error(error: unknown, message?: NodeMessage): void;
}

export type InputListener = (
  message: NodeMessage,
  send: (message: NodeMessage) => void,
  done: (error?: unknown) => void,
) => void;

/** The event of a runtime hook. https://nodered.org/docs/api/hooks/messaging */
export interface MessageHookEvent {
  readonly msg?: NodeMessage;
}

/** The runtime, `RED`. */
export interface NodeRedApi {
  readonly nodes: {
    createNode(node: NodeRedNode, config: object): void;
    getNode(id: string): unknown;
    registerType<Config>(
      type: string,
      create: (this: NodeRedNode, config: Config) => void,
      options?: { readonly credentials: JsonObject },
    ): void;
  };
  readonly settings: {
    readonly userDir?: string;
    /** From settings.js, so that only the operator of Node-RED can set them. */
    readonly dynamics365?: ConnectOptions &
      Pick<LoadOptions, 'transport' | 'proxy' | 'noProxy' | 'caCertificates'> & {
        /** The folder of a manifest of your own, relative to the user folder. */
        readonly manifest?: string;
        /** How far reads of changes go back, and how long changes are kept; see `PollOptions`. */
        readonly feeds?: Pick<PollOptions, 'overlapMs' | 'retention'>;
      };
  };
  readonly hooks: {
    /** The messages of one `send` call. */
    add(name: `onSend.${string}`, listener: (events: readonly MessageHookEvent[]) => void): void;
    add(name: string, listener: (event: MessageHookEvent) => void): void;
  };
  readonly events: { on(name: 'flows:stopping' | 'flows:started', listener: () => void): void };
  readonly auth: { needsPermission(permission: string): AdminMiddleware };
  /** Absent when the editor is disabled. */
  readonly httpAdmin?: {
    get(path: string, guard: AdminMiddleware, handler: AdminHandler): void;
    post(path: string, guard: AdminMiddleware, handler: AdminHandler): void;
  };
  readonly util: {
    generateId(): string;
    evaluateNodeProperty(
      value: string,
      type: string,
      node: NodeRedNode,
      message: NodeMessage,
      callback: (error: Error | null, value: unknown) => void,
    ): void;
  };
}

/** Calls `next` to let the request through, or sends a response. */
export type AdminMiddleware = (request: AdminRequest, response: AdminResponse, next: () => void) => void;
export type AdminHandler = (request: AdminRequest, response: AdminResponse) => void;

/** A request to Node-RED's web server (Express). */
export interface AdminRequest {
  readonly params: Readonly<Record<string, string>>;
  /** Path and query. */
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON body. */
  readonly body?: Readonly<Record<string, unknown>>;
}
export interface AdminResponse {
  json(value: unknown): void;
  send(body: string): void;
  sendStatus(status: number): void;
  status(status: number): AdminResponse;
  type(type: string): AdminResponse;
  setHeader(name: string, value: string): void;
}
