import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page of a browser, controlled with the DevTools protocol. https://chromedevtools.github.io/devtools-protocol/ */
export interface BrowserPage {
  /** The value of an expression in the page; promises are awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Resolves once the expression is true in the page. */
  waitFor(expression: string): Promise<void>;
  /** A PNG of the visible page. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * The command that starts Chromium; undefined if there is none. The environment variable CHROMIUM names another one than
 * those of Debian (`apt install chromium` or `chromium-headless-shell`).
 */
export function findChromium(): string | undefined {
  const commands = process.env.CHROMIUM ? [process.env.CHROMIUM] : ['chromium', 'chromium-headless-shell'];
  return commands.find((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** Without what a browser does on its own: updates, synchronization, a tour. */
const quietFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Opens a page in the browser that the command starts. */
export async function openPage(chromium: string, url: string): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'd365-chromium-'));
  const browser = spawn(chromium, [
    ...quietFlags,
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    '--window-size=1280,900',
    url,
  ]);
  let output = '';
  for (; !output.includes('DevTools listening'); output += (await once(browser.stderr, 'data'))[0]);
  const [, port] = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(output)!;
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    readonly type: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')!.webSocketDebuggerUrl);
  await once(socket as never, 'open');
  const send = createDevToolsSender(socket);
  const evaluate = async <T>(expression: string): Promise<T> => {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await send('Runtime.evaluate', options);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception.description);
    return result.value;
  };
  return {
    evaluate,
    async waitFor(expression) {
      while (!(await evaluate(`Boolean(${expression})`))) await new Promise((next) => setTimeout(next, 50));
    },
    async screenshot() {
      return Buffer.from((await send('Page.captureScreenshot', { format: 'png' })).data, 'base64');
    },
    async close() {
      // Debian's command is a script; a signal would end the script and not the browser.
      void send('Browser.close', {});
      if (browser.exitCode === null) await once(browser, 'exit');
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: each of hundreds of methods has its own result type.
type Send = (method: string, params: object) => Promise<any>;

function createDevToolsSender(socket: WebSocket): Send {
  const waiting = new Map<number, (result: never) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result as never);
    waiting.delete(id);
  });
  const calls = { last: 0 };
  return (method, params) =>
    new Promise((resolve) => {
      const id = ++calls.last;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
}
