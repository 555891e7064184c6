import { operationResponse } from './parameters.ts';
import type { WebApiOperation } from './types.ts';

/** Countries whose addresses start with the postal code and end with the street. */
const largestPartFirst = new Set(['japan', 'jp', 'china', 'cn', 'korea', 'south korea', 'kr']);

/**
 * `GET FormatAddress(Line1=@p1,…)`: an address in the order of lines that its country uses.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/formataddress
 */
export const formatAddressOperation: WebApiOperation = {
  name: 'FormatAddress',
  kind: 'function',
  parameters: {
    Line1: 'required',
    City: 'required',
    StateOrProvince: 'required',
    PostalCode: 'required',
    Country: 'required',
  },
  run(call) {
    const part = (name: string) => String(call.parameters[name] ?? '');
    const [line1, city, state] = [part('Line1'), part('City'), part('StateOrProvince')];
    const [postalCode, country] = [part('PostalCode'), part('Country')];
    const region = [state, postalCode].filter((text) => text !== '').join(' ');
    const lines = largestPartFirst.has(country.toLowerCase())
      ? [postalCode, state, city, line1, country]
      : [line1, [city, region].filter((text) => text !== '').join(', '), country];
    return operationResponse(call, { Address: lines.filter((line) => line !== '').join('\r\n') });
  },
};
