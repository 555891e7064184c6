import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ConnectSession } from './connect-sessions.ts';

type Page = HtmlEscapedString | Promise<HtmlEscapedString>;

const style = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 12vh auto; padding: 0 1rem; }
  dt { font-weight: 600; } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
  button { font: inherit; padding: .7rem 1.2rem; border: 0; border-radius: .4rem; background: #0b57d0; color: #fff; cursor: pointer; }
  button:focus-visible { outline: 3px solid light-dark(#000, #fff); outline-offset: 2px; }`;

function layout(title: string, content: Page): Page {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1>${content}</main></body></html>`;
}

/** The page of a Connect link: it names who asks for what before the person signs in. */
export function connectPage(token: string, { requestedBy, orgUrl, connection }: ConnectSession): Page {
  return layout(
    'Connect Dynamics 365',
    html`<p><strong>${requestedBy}</strong> asks for access to an organization in your name.</p>
      <dl><dt>Organization</dt><dd>${orgUrl}</dd><dt>Saved as connection</dt><dd>${connection}</dd></dl>
      <p>Continue only if you expect this request. You sign in at Microsoft; your password is not shown to anybody.</p>
      <form method="post" action="/connect/${token}"><button>Sign in with Microsoft</button></form>`,
  );
}

export function connectedPage(connection: string, userName: string): Page {
  return layout(
    'Connected',
    html`<p>The connection <strong>${connection}</strong> works as <strong>${userName}</strong>.</p><p>You can close this window.</p>`,
  );
}

/** @param again the link to try again; undefined if the session has ended */
export function failedPage(message: string, advice: string, again?: string): Page {
  const link = again === undefined ? '' : html`<p><a href="${again}">Try again</a></p>`;
  return layout('The sign-in did not succeed', html`<p>${message}</p><p>${advice}</p>${link}`);
}

export function endedPage(): Page {
  return layout(
    'This link cannot be used',
    html`<p>It has expired, was used already, or was opened in another browser.</p><p>Ask for a new link.</p>`,
  );
}
