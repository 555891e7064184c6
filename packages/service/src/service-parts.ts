import type { AnyConnector } from 'dynamics365-connector/host';
import type { ConnectionStore } from 'dynamics365-connector/node';
import type { Push } from 'dynamics365-connector-worker';
import type { AnswerStore } from './answers/answer-store.ts';
import type { ClientPool } from './client-pool.ts';
import type { ConnectSessions } from './connect/connect-sessions.ts';
import type { ServiceApplication } from './connect/service-application.ts';
import type { ConsoleParts } from './console/console-parts.ts';
import type { ApiKeys } from './keys/api-keys.ts';
import type { ServiceMetrics } from './service-metrics.ts';
import type { ServiceMirror } from './service-mirror.ts';
import type { Subscriptions } from './subscriptions/subscriptions.ts';
import type { TargetGuard } from './subscriptions/target-guard.ts';

/** What the routes of the service work with. */
export interface ServiceParts {
  readonly connector: AnyConnector;
  readonly connections: ConnectionStore;
  readonly clients: ClientPool;
  readonly keys: ApiKeys;
  readonly answers: AnswerStore;
  readonly sessions: ConnectSessions;
  readonly metrics: ServiceMetrics;
  /** Absent if the service runs no subscriptions. */
  readonly subscriptions?: Subscriptions;
  /** Receives webhooks of organizations; absent if the service runs no subscriptions. */
  readonly push?: Push;
  /** Absent if the service runs no mirror. */
  readonly mirror?: ServiceMirror;
  /** Which addresses webhooks may be sent to. */
  readonly guard: TargetGuard;
  /** The public address, without a path: `https://connect.example.com`. */
  readonly url: string;
  /** Other addresses that clients may use in the Host header: `127.0.0.1:9470`. */
  readonly hosts: readonly string[];
  /** The app registration of Connect links whose session has none of its own. */
  readonly app?: ServiceApplication;
  /** Addresses of a sandbox on this machine. */
  readonly localAuthority?: string;
  readonly localDiscovery?: string;
  /** Absent if the service has no console. */
  readonly console?: ConsoleParts;
  /** Largest body of a request, in bytes. Bulk requests have no limit. */
  readonly maxBodyBytes: number;
}
