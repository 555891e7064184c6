import type { SandboxApp, User } from './authority/directory.ts';
import type { Principal } from './principals.ts';
import type { SandboxAuthority } from './sandbox-authority.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import type { SandboxOrganization } from './sandbox-organization.ts';

/** A running sandbox. */
export interface Sandbox {
  readonly authority: SandboxAuthority;
  readonly discovery: {
    /** Origin of the discovery service, used instead of `https://globaldisco.crm.dynamics.com`. */
    readonly url: string;
  };
  /** The first organization. */
  readonly organization: SandboxOrganization;
  readonly organizations: readonly SandboxOrganization[];
  /** The first app. */
  readonly app: SandboxApp & {
    /** Its first secret; undefined for a public client. */
    readonly clientSecret: string | undefined;
  };
  /** By default, the first app has a secret and the second one is a public client. */
  readonly apps: readonly SandboxApp[];
  /** The first user. */
  readonly user: User;
  readonly users: readonly User[];
  /** The clock of the sandbox, which tests can move. Each organization adds its `clockOffsetMs`. */
  readonly clock: SandboxClock;
  /** Key of the control routes: `Authorization: Bearer <adminSecret>` at `POST /__sandbox/<command>`. */
  readonly adminSecret: string;
  /**
   * Signs a user in over HTTP, as a browser does, and accepts the consent page.
   *
   * @param user Default: the first user.
   * @returns The redirect URL of the app with its `code` and `state`; it is not requested.
   * @throws ConnectorError `SIGN_IN_REFUSED` when the authority shows an error page.
   */
  signInAutomatically(authorizeUrl: string, user?: User): Promise<string>;
  /**
   * Enters the user code of the device code flow and signs the user in.
   *
   * @param user Default: the first user.
   * @throws ConnectorError `SIGN_IN_REFUSED` when the authority shows an error page.
   */
  approveDevice(
    device: { readonly verificationUri: string; readonly userCode: string },
    user?: User,
  ): Promise<void>;
  /**
   * Issues an access token without a sign-in. For an app, the token is app-only.
   *
   * @param principal Default: the first user.
   * @param organization Default: the first organization.
   */
  issueToken(principal?: Principal, organization?: { readonly origin: string }): string;
  /** Closes the listeners and the databases. */
  close(): Promise<void>;
}
