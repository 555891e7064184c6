import { guidOfNames } from './guid.ts';
import { timeZones } from './model/time-zones.ts';
import { standardOffsetMinutes } from './model/zone-clock.ts';
import type { Actor, OrganizationStore } from './store/types.ts';

/** Adds the time zones, where they are missing. Their offsets are those of the year of `nowMs`. */
export function seedTimeZones(store: OrganizationStore, actor: Actor, nowMs: number): void {
  if (store.count('timezonedefinition') > 0) return;
  for (const { code, standardName, iana, places } of timeZones) {
    const minutes = standardOffsetMinutes(iana, nowMs);
    const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
    const rest = String(Math.abs(minutes) % 60).padStart(2, '0');
    const values = {
      timezonedefinitionid: guidOfNames('time zone', String(code)),
      timezonecode: code,
      standardname: standardName,
      daylightname: standardName.replace('Standard', 'Daylight'),
      userinterfacename: `(GMT${minutes < 0 ? '-' : '+'}${hours}:${rest}) ${places}`,
      bias: -minutes,
    };
    store.add('timezonedefinition', values, actor);
  }
}
