import { findTimeZone, type TimeZone, timeZones } from '../model/time-zones.ts';
import { createZoneClock } from '../model/zone-clock.ts';
import { requireTable } from '../store/require-table.ts';
import { DataverseError, invalidArgument } from '../web-api/errors.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import { serializeRows } from '../web-api/serialize-rows.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import {
  operationResponse,
  readIntegerParameter,
  readStringParameter,
  readTimeParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Functions on time zones, with the rules of the zones in each year. Names are in English for every locale. */
export const timeZoneOperations: readonly WebApiOperation[] = [
  {
    name: 'LocalTimeFromUtcTime',
    kind: 'function',
    parameters: { TimeZoneCode: 'required', UtcTime: 'required' },
    run(call) {
      const localMs = createZoneClock(requireZone(call).iana).toLocal(readTimeParameter(call, 'UtcTime'));
      return operationResponse(call, { LocalTime: formatTime(localMs) });
    },
  },
  {
    name: 'UtcTimeFromLocalTime',
    kind: 'function',
    parameters: { TimeZoneCode: 'required', LocalTime: 'required' },
    run(call) {
      const utcMs = createZoneClock(requireZone(call).iana).toUtc(readTimeParameter(call, 'LocalTime'));
      return operationResponse(call, { UtcTime: formatTime(utcMs) });
    },
  },
  {
    name: 'GetTimeZoneCodeByLocalizedName',
    kind: 'function',
    parameters: { LocalizedStandardName: 'required', LocaleId: 'required' },
    run(call) {
      const name = readStringParameter(call, 'LocalizedStandardName');
      const zone = timeZones.find(({ standardName }) => standardName.toLowerCase() === name.toLowerCase());
      if (!zone)
        throw invalidArgument(`There is no time zone with the standard name '${name.slice(0, 100)}'.`);
      return operationResponse(call, { TimeZoneCode: zone.code });
    },
  },
  {
    name: 'GetAllTimeZonesWithDisplayName',
    kind: 'function',
    parameters: { LocaleId: 'required' },
    run: listTimeZones,
  },
];

function requireZone(call: OperationContext): TimeZone {
  const code = readIntegerParameter(call, 'TimeZoneCode');
  const zone = findTimeZone(code);
  if (zone) return zone;
  throw new DataverseError(400, '0x800608f7', `The time zone code ${code} is not valid.`);
}

const formatTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function listTimeZones(call: OperationContext): WebApiResponse {
  readIntegerParameter(call, 'LocaleId');
  const { context } = call;
  const { systemStore } = context.org;
  const table = requireTable(systemStore.model, 'timezonedefinition');
  const { rows } = systemStore.query(table.logicalName, { actor: context.actor });
  const names = ['timezonedefinitionid', 'timezonecode', 'standardname', 'userinterfacename', 'bias'];
  const columns = table.attributes.filter(({ logicalName }) => names.includes(logicalName));
  const shape = { table, columns, composites: [], expands: [], context: '' };
  const { base, prefer, format } = context;
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, 'timezonedefinitions'),
    value: serializeRows(rows, shape, { store: systemStore, base, prefer, format, isList: true }),
  });
}
