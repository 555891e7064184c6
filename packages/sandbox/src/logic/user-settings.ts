import { findTimeZone, utcCode } from '../model/time-zones.ts';
import { standardOffsetMinutes } from '../model/zone-clock.ts';
import { DataverseError } from '../store/errors.ts';
import type { ColumnValue, ColumnValues } from '../store/types.ts';
import { requireLanguage } from './languages.ts';
import type { TableLogic } from './table-logic.ts';

/** Settings of a new user: English, time zone UTC. */
export const newUserSettings: ColumnValues = {
  uilanguageid: 1033,
  helplanguageid: 1033,
  localeid: 1033,
  timezonecode: utcCode,
  timezonebias: 0,
  dateformatcode: 1,
  dateformatstring: 'M/d/yyyy',
  dateseparator: '/',
  timeformatcode: 0,
  timeformatstring: 'h:mm tt',
  timeseparator: ':',
  amdesignator: 'AM',
  pmdesignator: 'PM',
  currencyformatcode: 0,
  currencysymbol: '$',
  currencydecimalprecision: 2,
  decimalsymbol: '.',
  numberseparator: ',',
  paginglimit: 50,
  workdaystarttime: '8:00',
  workdaystoptime: '17:00',
};

/** A user has a known time zone and a language of the organization. The bias follows from the time zone. */
export const userSettingsLogic: TableLogic = {
  before({ store, values, nowMs }) {
    const { timezonecode: code, uilanguageid: language } = values;
    if (language !== undefined) requireLanguage(store, Number(language));
    return code === undefined ? values : { ...values, timezonebias: -offsetOf(code, nowMs) };
  },
};

function offsetOf(code: ColumnValue, nowMs: number): number {
  const zone = findTimeZone(Number(code));
  if (zone) return standardOffsetMinutes(zone.iana, nowMs);
  throw new DataverseError(400, '0x800608f7', `The time zone code ${String(code)} is not valid.`);
}
