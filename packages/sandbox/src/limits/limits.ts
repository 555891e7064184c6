import { type SlidingWindow, slidingWindow } from './sliding-window.ts';

/** Service protection limits of one user on one web server. `Infinity` switches one off; all may be changed. */
export interface LimitSettings {
  /** Requests within the window. */
  requests: number;
  /** Milliseconds of combined execution time within the window. */
  executionMs: number;
  /** Requests at one time. */
  concurrent: number;
  /** Recommended degree of parallelism: `x-ms-dop-hint`. */
  parallelism: number;
}

/** Dataverse's own numbers (https://learn.microsoft.com/power-apps/developer/data-platform/api-limits). */
export function defaultLimits(): LimitSettings {
  return { requests: 6000, executionMs: 1_200_000, concurrent: 52, parallelism: 4 };
}

/** Why a request is turned away with 429. */
export interface Throttle {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** A request that was let in. */
export interface Admission {
  /** Headers that say what is left. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be called once when the request is done. */
  leave(): void;
}

/** The gate of one organisation. */
export interface Limits {
  readonly settings: LimitSettings;
  enter(userId: string): Admission | Throttle;
}

const WINDOW_SECONDS = 300;

interface Usage {
  readonly requests: SlidingWindow;
  readonly execution: SlidingWindow;
  running: number;
  /** Refusals in a row: whoever goes on pushing waits longer. */
  refused: number;
}

/** Makes the gate; everybody begins with nothing used. */
export function createLimits(settings: LimitSettings, now: () => number): Limits {
  const usages = new Map<string, Usage>();
  const window = () => slidingWindow(WINDOW_SECONDS * 1000, now);
  return {
    settings,
    enter(userId) {
      const usage = usages.get(userId) ?? { requests: window(), execution: window(), running: 0, refused: 0 };
      usages.set(userId, usage);
      const throttle = exceeded(settings, usage);
      if (throttle) return throttle;
      usage.refused = 0;
      usage.running++;
      usage.requests.add(1);
      const start = now();
      return {
        headers: remaining(settings, usage),
        leave() {
          usage.running--;
          usage.execution.add(now() - start);
        },
      };
    },
  };
}

function exceeded(settings: LimitSettings, usage: Usage): Throttle | undefined {
  const wait = (ms: number) => Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil(ms / 1000)) + usage.refused++);
  if (usage.requests.total() >= settings.requests) {
    return {
      code: '0x80072322',
      message: `Number of requests exceeded the limit of ${settings.requests} over time window of ${WINDOW_SECONDS} seconds.`,
      retryAfterSeconds: wait(usage.requests.untilBelow(settings.requests)),
    };
  }
  if (usage.execution.total() >= settings.executionMs) {
    return {
      code: '0x80072321',
      message:
        `Combined execution time of incoming requests exceeded limit of ${thousands(settings.executionMs)} milliseconds over time window of ${WINDOW_SECONDS} seconds. ` +
        'Decrease number of concurrent requests or reduce the duration of requests and try again later.',
      retryAfterSeconds: wait(usage.execution.untilBelow(settings.executionMs)),
    };
  }
  if (usage.running >= settings.concurrent) {
    return {
      code: '0x80072326',
      message: `Number of concurrent requests exceeded the limit of ${settings.concurrent}.`,
      retryAfterSeconds: wait(0),
    };
  }
  return undefined;
}

function remaining(settings: LimitSettings, usage: Usage): Record<string, string> {
  const requests = left(settings.requests, usage.requests.total());
  const seconds = left(settings.executionMs, usage.execution.total()) / 1000;
  return {
    'x-ms-dop-hint': String(settings.parallelism),
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(requests),
    'x-ms-ratelimit-time-remaining-xrm-requests': thousands(seconds, 2),
  };
}

/** What is left of a limit, as a number that can be written down: `Infinity` switches a limit off. */
function left(limit: number, used: number): number {
  return Math.min(Math.max(0, limit - used), 1e9);
}

/** `1200` -> `1,200` or, with two digits behind the point, `1,200.00`. */
function thousands(number: number, digits = 0): string {
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
