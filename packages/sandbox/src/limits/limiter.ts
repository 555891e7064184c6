import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

/** Service protection limits of one user on one web server. `Infinity` switches one off; all may be changed. */
export interface LimitSettings {
  /** Requests within the window. */
  maxRequests: number;
  /** Milliseconds of combined execution time within the window. */
  maxExecutionMs: number;
  /** Requests at one time. */
  maxConcurrentRequests: number;
  /** Recommended degree of parallelism: `x-ms-dop-hint`. */
  degreeOfParallelism: number;
}

/** Dataverse's own numbers (https://learn.microsoft.com/power-apps/developer/data-platform/api-limits). */
export function defaultLimits(): LimitSettings {
  return { maxRequests: 6000, maxExecutionMs: 1_200_000, maxConcurrentRequests: 52, degreeOfParallelism: 4 };
}

/** Why a request is turned away with 429. */
export interface LimitExceeded {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** A request that was let in. */
export interface RequestPermit {
  /** Headers that say what is left. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be called once when the request is done. */
  release(): void;
}

/** The gate of one organization. */
export interface RequestLimiter {
  readonly settings: LimitSettings;
  acquire(userId: string): RequestPermit | LimitExceeded;
}

const windowSeconds = 300;

interface UserUsage {
  readonly requests: SlidingWindow;
  readonly execution: SlidingWindow;
  running: number;
  /** Refusals in a row: whoever goes on pushing waits longer. */
  consecutiveRejections: number;
}

/** Makes the gate; everybody begins with nothing used. */
export function createRequestLimiter(settings: LimitSettings, now: () => number): RequestLimiter {
  const usages = new Map<string, UserUsage>();
  const window = () => createSlidingWindow(windowSeconds * 1000, now);
  return {
    settings,
    acquire(userId) {
      const usage = usages.get(userId) ?? {
        requests: window(),
        execution: window(),
        running: 0,
        consecutiveRejections: 0,
      };
      usages.set(userId, usage);
      const limitExceeded = findExceededLimit(settings, usage);
      if (limitExceeded) return limitExceeded;
      usage.consecutiveRejections = 0;
      usage.running++;
      usage.requests.add(1);
      const start = now();
      return {
        headers: remainingHeaders(settings, usage),
        release() {
          usage.running--;
          usage.execution.add(now() - start);
        },
      };
    },
  };
}

function findExceededLimit(settings: LimitSettings, usage: UserUsage): LimitExceeded | undefined {
  const retryAfterSeconds = (ms: number) =>
    Math.min(windowSeconds, Math.max(1, Math.ceil(ms / 1000)) + usage.consecutiveRejections++);
  if (usage.requests.total() >= settings.maxRequests) {
    return {
      code: '0x80072322',
      message: `Number of requests exceeded the limit of ${settings.maxRequests} over time window of ${windowSeconds} seconds.`,
      retryAfterSeconds: retryAfterSeconds(usage.requests.msUntilBelow(settings.maxRequests)),
    };
  }
  if (usage.execution.total() >= settings.maxExecutionMs) {
    return {
      code: '0x80072321',
      message:
        `Combined execution time of incoming requests exceeded limit of ${formatThousands(settings.maxExecutionMs)} milliseconds over time window of ${windowSeconds} seconds. ` +
        'Decrease number of concurrent requests or reduce the duration of requests and try again later.',
      retryAfterSeconds: retryAfterSeconds(usage.execution.msUntilBelow(settings.maxExecutionMs)),
    };
  }
  if (usage.running >= settings.maxConcurrentRequests) {
    return {
      code: '0x80072326',
      message: `Number of concurrent requests exceeded the limit of ${settings.maxConcurrentRequests}.`,
      retryAfterSeconds: retryAfterSeconds(0),
    };
  }
  return undefined;
}

function remainingHeaders(settings: LimitSettings, usage: UserUsage): Record<string, string> {
  const requests = remainingOf(settings.maxRequests, usage.requests.total());
  const seconds = remainingOf(settings.maxExecutionMs, usage.execution.total()) / 1000;
  return {
    'x-ms-dop-hint': String(settings.degreeOfParallelism),
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(requests),
    'x-ms-ratelimit-time-remaining-xrm-requests': formatThousands(seconds, 2),
  };
}

/** What is left of a limit, as a number that can be written down: `Infinity` switches a limit off. */
function remainingOf(limit: number, used: number): number {
  return Math.min(Math.max(0, limit - used), 1e9);
}

/** `1200` -> `1,200` or, with two digits behind the point, `1,200.00`. */
function formatThousands(number: number, digits = 0): string {
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
