import type { SandboxApp, User } from './authority/directory.ts';
import type { SandboxOrganization } from './organization.ts';
import type { Principal } from './principals.ts';
import type { SandboxAuthority } from './sandbox-authority.ts';

/** A running sandbox, seen from inside the process. */
export interface Sandbox {
  readonly authority: SandboxAuthority;
  readonly discovery: {
    /** Origin of the discovery service: in the place of `https://globaldisco.crm.dynamics.com`. */
    readonly url: string;
  };
  /** The first of the organizations. */
  readonly organization: SandboxOrganization;
  readonly organizations: readonly SandboxOrganization[];
  /** The first of the apps. */
  readonly app: SandboxApp & {
    /** Its first secret; undefined when it is a public client. */
    readonly clientSecret: string | undefined;
  };
  /** Unless told otherwise, the first has a secret and the second is public. */
  readonly apps: readonly SandboxApp[];
  /** The first of the users. */
  readonly user: User;
  readonly users: readonly User[];
  /** What an order from outside the process must show: `Authorization: Bearer <secret>` at `/__sandbox/…`. */
  readonly adminSecret: string;
  /**
   * Does what a person does in a browser between the authorize address and the app's callback, over real HTTP.
   * Answers the callback address, which is not opened; throws when the authority keeps the person on a page.
   */
  signInAutomatically(authorizeUrl: string, user?: User): Promise<string>;
  /** Enters a device's code and signs in, as a person does at the address that the device shows. */
  approveDevice(
    device: { readonly verificationUri: string; readonly userCode: string },
    user?: User,
  ): Promise<void>;
  /** A good access token at once: of the first user, for the first organization, unless told; an app acts as itself. */
  issueToken(principal?: Principal, organization?: { readonly origin: string }): string;
  /** Frees the ports, the stores and everything else. */
  close(): Promise<void>;
}
