/** The page that the browser shows after a sign-in. It also tells the editor to refresh the account of the form. */
export function renderSignInPage(text: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Dynamics 365</title>
<body style="font: 16px sans-serif; margin: 3em; max-width: 40em">
<p>${escapeHtml(text)}</p>
<script>new BroadcastChannel('dynamics365').postMessage('sign-in');</script>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
