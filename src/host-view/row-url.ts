import { findGuid } from '../model/guid.ts';

/**
 * The address of a row in Dynamics 365; the browser opens it in the user's default app.
 *
 * @param origin `https://contoso.crm.dynamics.com`
 * @param table The logical name: `incident`.
 * https://learn.microsoft.com/power-apps/developer/model-driven-apps/open-forms-views-dialogs-reports-url
 */
export function rowUrl(origin: string, table: string, id: string): string {
  const query = new URLSearchParams({ pagetype: 'entityrecord', etn: table, id });
  return `${origin}/main.aspx?${query}`;
}

/** The id in the address of a row; undefined if it is no such address. */
export function idFromRowUrl(url: string): string | undefined {
  const [, id = ''] = /[?&]id=([^&]+)/.exec(url) ?? [];
  return findGuid(id);
}
