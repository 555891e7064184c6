import type { ConnectOptions, JsonObject } from 'dynamics365-connector';

/** A message on its way through a flow. */
export interface NodeMessage {
  _msgid?: string;
  payload?: unknown;
  [property: string]: unknown;
}

/** A dot under a node in the editor. */
export interface NodeStatus {
  readonly fill: 'red' | 'yellow' | 'green' | 'blue';
  readonly shape: 'dot' | 'ring';
  readonly text: string;
}

/** A node as its constructor finds it. https://nodered.org/docs/creating-nodes/node-js */
export interface NodeRedNode {
  readonly id: string;
  readonly credentials?: Readonly<Record<string, string | undefined>>;
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): void;
  on(event: 'input', listener: InputListener): void;
  send(message: NodeMessage): void;
  status(status: NodeStatus | Record<string, never>): void;
  error(problem: unknown, message?: NodeMessage): void;
}

export type InputListener = (
  message: NodeMessage,
  send: (message: NodeMessage) => void,
  done: (problem?: unknown) => void,
) => void;

/** Something that a runtime hook is told about a message. https://nodered.org/docs/api/hooks/messaging */
export interface MessageHookEvent {
  readonly msg?: NodeMessage;
}

/** The runtime as far as we use it. */
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
    /** Of settings.js: what only whoever runs Node-RED may say. */
    readonly dynamics365?: ConnectOptions;
  };
  readonly hooks: {
    /** What one `send` sends. */
    add(name: `onSend.${string}`, listener: (events: readonly MessageHookEvent[]) => void): void;
    add(name: string, listener: (event: MessageHookEvent) => void): void;
  };
  readonly events: { on(name: 'flows:stopping' | 'flows:started', listener: () => void): void };
  readonly auth: { needsPermission(permission: string): AdminMiddleware };
  /** Absent where the editor is switched off. */
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
      callback: (problem: Error | null, value: unknown) => void,
    ): void;
  };
}

/** Lets a request through to the handler, or answers it. */
export type AdminMiddleware = (request: AdminRequest, response: AdminResponse, next: () => void) => void;
export type AdminHandler = (request: AdminRequest, response: AdminResponse) => void;

/** A request to Node-RED's own web server (Express). */
export interface AdminRequest {
  readonly params: Readonly<Record<string, string>>;
  /** With the query. */
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** JSON that came with it. */
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
