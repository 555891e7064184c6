const style =
  'body{font:16px system-ui,sans-serif;background:#eef2f7;display:grid;place-items:center;min-height:90vh;margin:0}' +
  'main{background:#fff;padding:2rem 2.5rem;border-radius:.5rem;width:22rem;box-shadow:0 2px 12px #0002}' +
  'label{display:block;margin:.8rem 0}input:not([type=hidden]){width:100%;box-sizing:border-box;padding:.5rem}' +
  'button{padding:.5rem 1.2rem;margin:.4rem .4rem 0 0}.no{color:#a00}small{color:#567}';

/** Escapes text for HTML content and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page of the authority. `content` is HTML. */
function renderPage(title: string, content: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
    `<style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${content}` +
    '<p><small>This is the sign-in page of a local sandbox, not of Microsoft.</small></p></main></body></html>'
  );
}

/** The page for user name and password. `problem`: why the last attempt failed. */
export function renderSignInPage(form: {
  action: string;
  app: string;
  hint: string;
  problem?: string;
}): string {
  const alert = form.problem ? `<p class="no" role="alert">${escapeHtml(form.problem)}</p>` : '';
  return renderPage(
    'Sign in',
    `<p>to continue to ${escapeHtml(form.app)}</p>${alert}` +
      `<form method="post" action="${escapeHtml(form.action)}">` +
      `<label>User name <input name="username" autocomplete="username" value="${escapeHtml(form.hint)}"></label>` +
      '<label>Password <input name="password" type="password" autocomplete="current-password"></label>' +
      '<button type="submit">Sign in</button></form>',
  );
}

/** The consent page. */
export function renderConsentPage(form: { action: string; app: string }): string {
  return renderPage(
    'Permissions requested',
    `<p>${escapeHtml(form.app)} would like to access Dataverse as you.</p>` +
      `<form method="post" action="${escapeHtml(form.action)}">` +
      '<button type="submit" name="consent" value="accept">Accept</button>' +
      '<button type="submit" name="consent" value="decline">Cancel</button></form>',
  );
}

/** A page that ends the sign-in with an error. */
export function renderErrorPage(description: string): string {
  return renderPage(
    'Sorry, we cannot sign you in',
    `<p class="no" role="alert">${escapeHtml(description)}</p>`,
  );
}

/** The page for the user code of a device. `form` is HTML of the OIDC provider. */
export function renderDeviceCodePage(form: string, problem?: string): string {
  const alert = problem ? `<p class="no" role="alert">${escapeHtml(problem)}</p>` : '';
  return renderPage(
    'Enter code',
    `<p>Enter the code displayed on your app or device.</p>${alert}${form}` +
      '<button type="submit" form="op.deviceInputForm">Next</button>',
  );
}

/** The page on which the user confirms the device. */
export function renderDeviceConfirmPage(form: string, app: string): string {
  return renderPage(
    'Are you trying to sign in?',
    `<p>to ${escapeHtml(app)} on another device</p>${form}` +
      '<button type="submit" form="op.deviceConfirmForm">Continue</button>' +
      '<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>',
  );
}

/** The last page of the device code flow. */
export function renderDeviceDonePage(): string {
  return renderPage('You have signed in', '<p>You may now close this window.</p>');
}
