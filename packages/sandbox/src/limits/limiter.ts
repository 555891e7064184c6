import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

/**
 * Service protection limits for each user. All can be changed at runtime; `Infinity` switches a limit off.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface LimitSettings {
  /** Requests within 300 seconds. Default: 8,000, as real organizations send in their headers. */
  maxRequests: number;
  /** Combined execution time within 300 seconds, in milliseconds. Default: 1,200,000. */
  maxExecutionMs: number;
  /** Concurrent requests. Default: 52. */
  maxConcurrentRequests: number;
  /** Recommended degree of parallelism, sent as `x-ms-dop-hint`. Default: 4. */
  degreeOfParallelism: number;
}

/** The limits of Dataverse. Its documentation names 6,000 requests; organizations allow 8,000. */
export function defaultLimits(): LimitSettings {
  return { maxRequests: 8000, maxExecutionMs: 1_200_000, maxConcurrentRequests: 52, degreeOfParallelism: 4 };
}

/** Why a request is rejected with 429. */
export interface LimitExceeded {
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** An admitted request. */
export interface RequestPermit {
  /** Headers with the remaining requests and execution time. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be called once when the request has ended. */
  release(): void;
}

/** Limits the requests of one organization. */
export interface RequestLimiter {
  readonly settings: LimitSettings;
  acquire(userId: string): RequestPermit | LimitExceeded;
}

const windowSeconds = 300;

interface UserUsage {
  readonly requests: SlidingWindow;
  readonly execution: SlidingWindow;
  running: number;
  /** Rejections since the last admitted request; each one makes the wait a second longer. */
  consecutiveRejections: number;
}

/** Creates a limiter without any usage. `now`: milliseconds since the epoch. */
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

/** What remains of a limit. The result is finite even for a limit of `Infinity`. */
function remainingOf(limit: number, used: number): number {
  return Math.min(Math.max(0, limit - used), 1e9);
}

/** `1200` -> `1,200`; with two digits after the decimal point: `1,200.00`. */
function formatThousands(number: number, digits: 0 | 2 = 0): string {
  return (digits === 0 ? wholeNumbers : hundredths).format(number);
}

// To create a format takes longer than all else of a response.
const wholeNumbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const hundredths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
