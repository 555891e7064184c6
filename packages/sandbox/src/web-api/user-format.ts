import { findTimeZone, utcCode } from '../model/time-zones.ts';
import { createZoneClock, type ZoneClock } from '../model/zone-clock.ts';
import type { ColumnValues, OrganizationStore } from '../store/types.ts';

/** How formatted values are written for a user, according to the user's settings. */
export interface UserFormat {
  /** LCID of the language of labels: 1033. */
  readonly language: number;
  readonly decimalSymbol: string;
  readonly numberSeparator: string;
  /** Where the symbol of a currency stands: 0 `$1`, 1 `1$`, 2 `$ 1`, 3 `1 $`. */
  readonly currencyFormat: number;
  /** `4/7/2023`; `text` is a day: `2023-04-07`. */
  date(text: string): string;
  /** `4/7/2023 2:59 PM`, in the time zone of the user unless the column has none. */
  dateTime(text: string, isLocal: boolean): string;
}

/** The format of a user in English, time zone UTC. */
export const defaultFormat: UserFormat = createUserFormat({});

/** The format of a user. */
export const readUserFormat = (store: OrganizationStore, userId: string): UserFormat => {
  const settings = store.read('usersettings', userId);
  return settings ? createUserFormat(settings.values) : defaultFormat;
};

function createUserFormat(settings: ColumnValues): UserFormat {
  const text = (name: string, fallback: string): string => {
    const value = settings[name];
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  const number = (name: string, fallback: number): number => Number(settings[name] ?? fallback);
  const code = number('timezonecode', utcCode);
  const zone = code === utcCode ? undefined : findTimeZone(code);
  let clock: ZoneClock | undefined;
  const toLocal = (utcMs: number): number => {
    if (!zone) return utcMs;
    clock ??= createZoneClock(zone.iana);
    return clock.toLocal(utcMs);
  };
  const write = createPatternWriter({
    '/': text('dateseparator', '/'),
    ':': text('timeseparator', ':'),
    am: text('amdesignator', 'AM'),
    pm: text('pmdesignator', 'PM'),
  });
  const [datePattern, timePattern] = [
    text('dateformatstring', 'M/d/yyyy'),
    text('timeformatstring', 'h:mm tt'),
  ];
  return {
    language: number('uilanguageid', 1033),
    decimalSymbol: text('decimalsymbol', '.'),
    numberSeparator: text('numberseparator', ','),
    currencyFormat: number('currencyformatcode', 0),
    date: (day) => write(datePattern, new Date(`${day.slice(0, 10)}T00:00:00Z`)),
    dateTime(time, isLocal) {
      const utcMs = Date.parse(time);
      const shown = new Date(isLocal ? toLocal(utcMs) : utcMs);
      return `${write(datePattern, shown)} ${write(timePattern, shown)}`;
    },
  };
}

interface Symbols {
  readonly '/': string;
  readonly ':': string;
  readonly am: string;
  readonly pm: string;
}

/**
 * Writes a time with a pattern of .NET: `dd.MM.yyyy`, `h:mm tt`.
 * https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
 */
function createPatternWriter(symbols: Symbols): (pattern: string, date: Date) => string {
  return (pattern, date) =>
    pattern.replace(
      /'([^']*)'|d{1,4}|M{1,4}|y{1,4}|h{1,2}|H{1,2}|m{1,2}|s{1,2}|t{1,2}|[/:]/g,
      (token, quoted) => (typeof quoted === 'string' ? quoted : writeToken(token, date, symbols)),
    );
}

function writeToken(token: string, date: Date, symbols: Symbols): string {
  const padded = (value: number): string => String(value).padStart(Math.min(token.length, 2), '0');
  const name = (options: Intl.DateTimeFormatOptions): string =>
    date.toLocaleDateString('en-US', { timeZone: 'UTC', ...options });
  const style = token.length === 3 ? 'short' : 'long';
  const hour = date.getUTCHours();
  switch (token.charAt(0)) {
    case 'd':
      return token.length > 2 ? name({ weekday: style }) : padded(date.getUTCDate());
    case 'M':
      return token.length > 2 ? name({ month: style }) : padded(date.getUTCMonth() + 1);
    case 'y':
      return token.length > 2
        ? String(date.getUTCFullYear()).padStart(4, '0')
        : padded(date.getUTCFullYear() % 100);
    case 'h':
      return padded(hour % 12 || 12);
    case 'H':
      return padded(hour);
    case 'm':
      return padded(date.getUTCMinutes());
    case 's':
      return padded(date.getUTCSeconds());
    case 't':
      return (hour < 12 ? symbols.am : symbols.pm).slice(0, token.length === 1 ? 1 : undefined);
    default:
      return token === '/' ? symbols['/'] : symbols[':'];
  }
}
