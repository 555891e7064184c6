import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isGuid } from '../model/guid.ts';
import { isValidDate } from '../model/is-valid-date.ts';
import { isLoopbackHost } from '../model/loopback.ts';

/** A string format for ajv, and the message for a text that does not have it. */
export interface StringFormat {
  readonly type: 'string';
  readonly validate: (text: string) => boolean;
  readonly message: string;
}

const time = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const domain = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** A date that Dataverse stores: it exists in the calendar, and its year is 1753 or later. */
function isStorableDate(text: string): boolean {
  return isValidDate(text) && text >= '1753';
}

/** RFC 3339 with an offset and seconds, but without leap seconds, which Dataverse rejects. */
function isStorableDateTime(text: string): boolean {
  return /^.{10}[Tt]/.test(text) && isStorableDate(text.slice(0, 10)) && time.test(text.slice(11));
}

/**
 * Whether a text has the form of an environment URL: https and a host, without a path (one "/" at the end is allowed), or
 * http on this machine for the sandbox. Whether tokens can be sent there is checked when a connection is created.
 */
function isDataverseOrigin(text: string): boolean {
  // URL parsing accepts spaces, backslashes and control characters; this pattern does not.
  if (!/^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (isLoopbackHost(url.hostname)) return true;
  return url.protocol === 'https:' && url.port === '' && domain.test(url.hostname);
}

/** An e-mail address, also an internationalized one (RFC 6531): letters and digits of all scripts count as ASCII ones. */
function isEmailAddress(text: string): boolean {
  return email.test(text.replace(/(?!\p{ASCII})[\p{L}\p{M}\p{N}]/gu, 'a'));
}

function defineFormat(validate: StringFormat['validate'], message: string): StringFormat {
  return { type: 'string', validate, message };
}

const { email, uri, regex } = fullFormats as unknown as {
  readonly email: RegExp;
  readonly uri: StringFormat['validate'];
  readonly regex: StringFormat['validate'];
};

/** The formats that schemas can use: our own, and those of JSON Schema, some of them stricter. */
export const stringFormats: Readonly<Record<string, StringFormat>> = {
  uuid: defineFormat(isGuid, 'must be an id such as 1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90'),
  date: defineFormat(isStorableDate, 'must be a date such as 2026-03-31'),
  'date-time': defineFormat(
    isStorableDateTime,
    'must be a date and time with its zone, such as 2026-03-31T09:30:00Z',
  ),
  email: defineFormat(isEmailAddress, 'must be an e-mail address such as anna@contoso.com'),
  uri: defineFormat(uri, 'must be an address such as https://contoso.com/page'),
  regex: defineFormat(regex, 'must be a regular expression'),
  // The engine checks the filter against the organization's metadata.
  'odata-filter': defineFormat(
    (text) => text.trim() !== '',
    'must be an OData filter such as statuscode eq 1',
  ),
  'dataverse-origin': defineFormat(
    isDataverseOrigin,
    'must be an environment URL such as https://contoso.crm.dynamics.com, without a path',
  ),
  'entra-tenant': defineFormat(
    (text) => isGuid(text) || domain.test(text),
    'must be a tenant id or a domain such as contoso.onmicrosoft.com',
  ),
};
