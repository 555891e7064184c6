import { html } from 'hono/html';

/** What a browser without a session sees. */
export function lockedPage() {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The console is locked</title>
    <style>:root { color-scheme: light dark; } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }</style></head>
    <body><main><h1>The console is locked</h1>
    <p>A link of the console works once, for 30 minutes. This one was used or has expired, or this browser has none.</p>
    <p>Press Enter where <code>d365 console</code> runs: it prints a new link.</p></main></body></html>`;
}
