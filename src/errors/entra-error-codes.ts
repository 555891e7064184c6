import type { ErrorCode } from './error-codes.ts';

/** Who can resolve a rejected sign-in. */
export type ResponsibleParty =
  | 'user' // the user who signs in
  | 'app-owner' // the owner of the app registration in Entra
  | 'admin' // a tenant administrator
  | 'connection' // the owner of the connection and its settings
  | 'time'; // nobody: repeat later

/** The meaning of one AADSTS number, and the next step. */
export interface EntraErrorInfo {
  readonly code: ErrorCode;
  readonly responsible: ResponsibleParty;
  /** One sentence. */
  readonly cause: string;
  readonly advice: string;
}

const signInAgain = 'Sign in to this connection again.';
const mfaAgain =
  'Sign in to this connection again, in a browser, and complete the multifactor authentication.';
const askConsent =
  'Ask a tenant administrator to grant consent: Entra > App registrations > your app > API permissions > Grant admin consent.';
const newSecret =
  'Create a new client secret in Entra > App registrations > your app > Certificates & secrets, and enter its Value (not its id).';
const rightTenant =
  'Check the tenant of the connection: it must be the one that owns the environment. For client credentials it must be a tenant id or domain.';
const guest =
  'Sign in with an account of the tenant that owns the environment, or ask its administrator to invite this one as a guest.';
const askAdmin =
  'Ask the tenant administrator to find the policy in Entra > Sign-in logs and to exclude this app from it.';
const wait = 'Wait, then repeat.';

/**
 * The most frequent sign-in errors of Entra. For a number that is not listed, the OAuth `error` is used.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const entraErrors: readonly (EntraErrorInfo & { readonly numbers: readonly number[] })[] = [
  // The app registration
  {
    numbers: [700016, 700011],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The tenant has no app with this client id.',
    advice:
      'Check the client id, and that the app is registered (or consented to) in the tenant that owns the environment.',
  },
  {
    numbers: [70001],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app does not exist in this tenant, or is disabled.',
    advice:
      'Check the client id and the tenant; an administrator can enable the app under Enterprise applications.',
  },
  {
    numbers: [7000112],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'admin',
    cause: 'The app is disabled in this tenant.',
    advice:
      'Ask a tenant administrator to enable it: Entra > Enterprise applications > your app > Properties > Enabled for users to sign in.',
  },
  {
    numbers: [50011, 70004],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The redirect URI is not registered for the app.',
    advice:
      'Add exactly this redirect URI, with every character, in Entra > App registrations > your app > Authentication.',
  },
  {
    numbers: [900971],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app has no redirect URI.',
    advice: 'Add one in Entra > App registrations > your app > Authentication.',
  },
  {
    numbers: [50194],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app is for a single tenant, and the sign-in does not name it.',
    advice: 'Set the tenant id of the connection, or make the app multitenant in Entra > Authentication.',
  },
  {
    numbers: [7000218],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'Entra requires a client secret or certificate from this app.',
    advice:
      'Enter the client secret. To sign in without a secret, allow public client flows in Entra > Authentication.',
  },
  {
    numbers: [700025],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app is a public client, and a secret was sent.',
    advice:
      'Remove the client secret from the connection, or register the redirect URI under the platform "Web".',
  },
  {
    numbers: [9002327],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause:
      'The redirect URI is registered for single-page apps, whose codes can only be redeemed in a browser.',
    advice:
      'Register the redirect URI under the platform "Web" (or "Mobile and desktop") instead of "Single-page application".',
  },
  {
    numbers: [650057],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app does not list Dynamics 365 among its permissions.',
    advice:
      'Add Dynamics CRM > user_impersonation in Entra > App registrations > your app > API permissions.',
  },
  {
    numbers: [650056],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app lists no permission for Dynamics 365, or no consent was granted.',
    advice: 'Add Dynamics CRM > user_impersonation under API permissions, then grant admin consent.',
  },
  {
    numbers: [65005],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app requests a resource that its registration does not list.',
    advice:
      'Add Dynamics CRM > user_impersonation in Entra > App registrations > your app > API permissions.',
  },
  {
    numbers: [50105],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'admin',
    cause: 'This user is not assigned to the app, and the app requires it.',
    advice:
      'Ask a tenant administrator to assign the user: Entra > Enterprise applications > your app > Users and groups.',
  },
  {
    numbers: [501051],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'admin',
    cause: 'This app or user is not assigned to the requested app.',
    advice: 'Ask a tenant administrator to assign it: Entra > Enterprise applications > Users and groups.',
  },
  {
    numbers: [500113],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The app registration has no redirect URI.',
    advice:
      'Add the redirect URI of this sign-in, with every character, in Entra > App registrations > your app > Authentication.',
  },
  {
    numbers: [9002326],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause:
      'The redirect URI is not registered for the platform “Single-page application”, from which this sign-in comes.',
    advice:
      'Sign in from a program, or register the redirect URI for the right platform in Entra > App registrations > your app > Authentication.',
  },
  {
    numbers: [9010010],
    code: 'ORG_MISMATCH',
    responsible: 'connection',
    cause: 'The resource of the request is not the one that its scopes name.',
    advice:
      'Request scopes of one environment only, such as https://yourorg.crm.dynamics.com/.default, and leave out the parameter “resource”.',
  },
  {
    numbers: [65002],
    code: 'CONSENT_REQUIRED',
    responsible: 'app-owner',
    cause: 'This app of Microsoft is not preauthorized for Dataverse, and nobody can consent to it.',
    advice: 'Use the client id of an app registration of your own.',
  },
  // Its secret or certificate
  {
    numbers: [7000216],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'connection',
    cause: 'The request has neither a client secret nor a certificate, and an app needs one of them.',
    advice: 'Enter the client secret or the certificate of the app in the connection.',
  },
  {
    numbers: [7000215],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The client secret is wrong.',
    advice: newSecret,
  },
  {
    numbers: [70002],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The client secret or certificate does not belong to the app.',
    advice: newSecret,
  },
  {
    numbers: [7000222],
    code: 'SECRET_EXPIRED',
    responsible: 'app-owner',
    cause: 'The client secret has expired.',
    advice: newSecret,
  },
  {
    numbers: [700027],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The certificate that signed the request is not registered for the app, or has expired.',
    advice:
      'Upload the certificate (its public part) in Entra > Certificates & secrets, and use the private key that belongs to it.',
  },
  {
    numbers: [700030],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The subject name of the certificate is not authorized for the app.',
    advice:
      'Use a certificate whose subject is registered for the app, or upload this one in Entra > Certificates & secrets.',
  },
  {
    numbers: [50012],
    code: 'APP_REGISTRATION_INVALID',
    responsible: 'app-owner',
    cause: 'The certificate of the app was not accepted.',
    advice: 'Check that the uploaded certificate belongs to the private key and has not expired.',
  },
  {
    numbers: [500133, 700024],
    code: 'SIGN_IN_REFUSED',
    responsible: 'connection',
    cause: 'The signed request is outside its validity period.',
    advice: 'Check the clock of this machine: it must be correct within a few minutes.',
  },
  // Consent
  {
    numbers: [65001],
    code: 'CONSENT_REQUIRED',
    responsible: 'user',
    cause: 'No consent was granted for this app to use Dynamics 365.',
    advice: `Sign in again and accept the permissions. ${askConsent}`,
  },
  {
    numbers: [65004],
    code: 'CONSENT_REQUIRED',
    responsible: 'user',
    cause: 'The permissions were declined on the consent page.',
    advice: 'Sign in again and accept the permissions.',
  },
  {
    numbers: [90094],
    code: 'CONSENT_REQUIRED',
    responsible: 'admin',
    cause: 'In this tenant, only administrators can consent to apps.',
    advice: askConsent,
  },
  {
    numbers: [90095],
    code: 'CONSENT_REQUIRED',
    responsible: 'admin',
    cause: 'An administrator must approve this app first.',
    advice: askConsent,
  },
  {
    numbers: [90008],
    code: 'CONSENT_REQUIRED',
    responsible: 'admin',
    cause: 'The app has no permission to sign in users.',
    advice: askConsent,
  },
  {
    numbers: [90099],
    code: 'CONSENT_REQUIRED',
    responsible: 'admin',
    cause: 'The app is not authorized in this tenant.',
    advice: askConsent,
  },
  // The environment, the tenant, the cloud
  {
    numbers: [500011],
    code: 'ORG_MISMATCH',
    responsible: 'connection',
    cause: 'The tenant has no organization at this environment URL.',
    advice: 'Check the environment URL (name and region), and that the tenant owns it.',
  },
  {
    numbers: [50001],
    code: 'ORG_MISMATCH',
    responsible: 'connection',
    cause: 'There is no organization at this environment URL, or it is disabled.',
    advice: 'Check the environment URL (name and region), and that the environment still exists.',
  },
  {
    numbers: [650052],
    code: 'ORG_MISMATCH',
    responsible: 'admin',
    cause: 'This tenant has no Dynamics 365 subscription.',
    advice: rightTenant,
  },
  {
    numbers: [70011, 28002],
    code: 'ORG_MISMATCH',
    responsible: 'connection',
    cause: 'The scope is not valid for this environment.',
    advice: 'Check the environment URL, from which the scope is built.',
  },
  {
    numbers: [90002],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The tenant does not exist in this cloud.',
    advice: rightTenant,
  },
  {
    numbers: [900023],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The tenant is neither a tenant id nor a verified domain.',
    advice: rightTenant,
  },
  {
    numbers: [90019],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The request does not identify the tenant.',
    advice: rightTenant,
  },
  {
    numbers: [50059],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The request names no tenant.',
    advice: rightTenant,
  },
  {
    numbers: [50128],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The domain belongs to no tenant.',
    advice: rightTenant,
  },
  {
    numbers: [50049],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The cloud of the tenant is unknown.',
    advice: rightTenant,
  },
  {
    numbers: [90038],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'The national cloud of the tenant differs from that of the environment.',
    advice: rightTenant,
  },
  {
    numbers: [53004],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The user must set up multifactor authentication.',
    advice: mfaAgain,
  },
  {
    numbers: [9001023],
    code: 'CONNECTION_INVALID',
    responsible: 'connection',
    cause: 'This kind of sign-in needs a specific tenant.',
    advice: rightTenant,
  },
  {
    numbers: [700005],
    code: 'SIGN_IN_REFUSED',
    responsible: 'connection',
    cause: 'The code was issued by another tenant.',
    advice: `${rightTenant} Then sign in again.`,
  },
  // The user
  {
    numbers: [50020, 90072, 16000],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'This account does not exist in the tenant that owns the environment.',
    advice: guest,
  },
  {
    numbers: [50034, 51004],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The user does not exist in this tenant.',
    advice: guest,
  },
  {
    numbers: [50014],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The invitation of this guest has not been accepted yet.',
    advice: 'Accept the invitation that was sent by e-mail, then sign in again.',
  },
  {
    numbers: [50053],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The account is locked, or its IP address is blocked.',
    advice: 'Wait until the account is unlocked, or ask a tenant administrator, then sign in again.',
  },
  {
    numbers: [50055, 50144],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The user’s password has expired.',
    advice: `Set a new password. ${signInAgain}`,
  },
  {
    numbers: [50056],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The account has no password.',
    advice: signInAgain,
  },
  {
    numbers: [50126],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The user name or password is wrong.',
    advice: signInAgain,
  },
  {
    numbers: [50057],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'The user account is disabled.',
    advice: 'Ask a tenant administrator to enable it, or connect as another user.',
  },
  {
    numbers: [50058],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'No user is signed in.',
    advice: signInAgain,
  },
  // Extra verification and policies
  {
    numbers: [50072, 50079],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The user must set up multifactor authentication.',
    advice: mfaAgain,
  },
  {
    numbers: [50074],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The multifactor authentication failed.',
    advice: mfaAgain,
  },
  {
    numbers: [50076],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'Multifactor authentication is required for this user.',
    advice: mfaAgain,
  },
  {
    numbers: [50078],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The last multifactor authentication has expired.',
    advice: mfaAgain,
  },
  {
    numbers: [50158],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The verification by another identity provider failed.',
    advice: mfaAgain,
  },
  {
    numbers: [50131],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A Conditional Access policy rejected this sign-in.',
    advice: askAdmin,
  },
  {
    numbers: [53000],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A Conditional Access policy requires a compliant device.',
    advice: askAdmin,
  },
  {
    numbers: [530003],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A Conditional Access policy requires a managed device.',
    advice: askAdmin,
  },
  {
    numbers: [53001],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A Conditional Access policy requires a domain-joined device.',
    advice: askAdmin,
  },
  {
    numbers: [53003],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A Conditional Access policy blocks this sign-in.',
    advice: askAdmin,
  },
  {
    numbers: [530032],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'A security policy of the tenant blocks this sign-in.',
    advice: askAdmin,
  },
  {
    numbers: [530035],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'The security defaults of the tenant block this sign-in.',
    advice: askAdmin,
  },
  {
    numbers: [500021],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'The network does not allow access to this tenant (tenant restrictions).',
    advice: 'Ask the network administrator to allow the tenant.',
  },
  {
    numbers: [500212],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'The tenant of the user does not allow access to this tenant.',
    advice: 'Ask both administrators about cross-tenant access settings.',
  },
  {
    numbers: [500213],
    code: 'SIGN_IN_REFUSED',
    responsible: 'admin',
    cause: 'This tenant does not allow access for users of the other tenant.',
    advice: 'Ask both administrators about cross-tenant access settings.',
  },
  // Expired codes and refresh tokens
  {
    numbers: [70000],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The stored sign-in is no longer valid.',
    advice: signInAgain,
  },
  {
    numbers: [70008],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The code or the stored sign-in has expired.',
    advice: signInAgain,
  },
  {
    numbers: [700082],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The stored sign-in has expired because it was not used for a long time.',
    advice: signInAgain,
  },
  {
    numbers: [700084],
    code: 'RECONNECT_NEEDED',
    responsible: 'app-owner',
    cause: 'The redirect URI is registered for single-page apps, whose sign-ins end after 24 hours.',
    advice: `Register the redirect URI under the platform "Web". ${signInAgain}`,
  },
  {
    numbers: [70043],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The tenant requires a new sign-in (sign-in frequency).',
    advice: `${signInAgain} An administrator can exempt the app from the sign-in frequency policy.`,
  },
  {
    numbers: [50173],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The stored sign-in was revoked: the password changed, or an administrator ended all sessions.',
    advice: signInAgain,
  },
  {
    numbers: [50132, 50133],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The session ended: the password expired or changed.',
    advice: signInAgain,
  },
  {
    numbers: [50089],
    code: 'RECONNECT_NEEDED',
    responsible: 'user',
    cause: 'The sign-in took too long.',
    advice: signInAgain,
  },
  {
    numbers: [54005],
    code: 'SIGN_IN_INVALID',
    responsible: 'user',
    cause: 'The code of this sign-in was used already.',
    advice: signInAgain,
  },
  {
    numbers: [501481],
    code: 'SIGN_IN_INVALID',
    responsible: 'user',
    cause: 'The code belongs to the sign-in of another user.',
    advice: signInAgain,
  },
  {
    numbers: [70018],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The code entered on the device page is wrong.',
    advice: signInAgain,
  },
  {
    numbers: [70019],
    code: 'SIGN_IN_REFUSED',
    responsible: 'user',
    cause: 'The code for the device page has expired.',
    advice: signInAgain,
  },
  // Errors of the request, and of the service
  {
    numbers: [9002313],
    code: 'SIGN_IN_REFUSED',
    responsible: 'connection',
    cause: 'The sign-in request is malformed.',
    advice: 'Check that the client id, the secret and the stored sign-in are complete, then sign in again.',
  },
  {
    numbers: [900144],
    code: 'SIGN_IN_REFUSED',
    responsible: 'connection',
    cause: 'A parameter of the sign-in request is missing.',
    advice: 'Check that client id and secret are filled in.',
  },
  {
    numbers: [90055],
    code: 'THROTTLED',
    responsible: 'time',
    cause: 'The tenant sends too many sign-in requests.',
    advice: wait,
  },
  {
    numbers: [50196],
    code: 'THROTTLED',
    responsible: 'time',
    cause: 'The same sign-in request was sent too often in a short time.',
    advice: wait,
  },
  {
    numbers: [90024],
    code: 'UNAVAILABLE',
    responsible: 'time',
    cause: 'The sign-in service is busy.',
    advice: wait,
  },
  {
    numbers: [90033],
    code: 'UNAVAILABLE',
    responsible: 'time',
    cause: 'The directory is unavailable.',
    advice: wait,
  },
  {
    numbers: [90006],
    code: 'UNAVAILABLE',
    responsible: 'time',
    cause: 'The sign-in service is unavailable.',
    advice: wait,
  },
  {
    numbers: [90012],
    code: 'UNAVAILABLE',
    responsible: 'time',
    cause: 'The sign-in service took too long.',
    advice: wait,
  },
  {
    numbers: [50033],
    code: 'UNAVAILABLE',
    responsible: 'time',
    cause: 'The sign-in service had a temporary error.',
    advice: wait,
  },
];

/** AADSTS number -> its meaning and the next step. */
export const entraErrorCodes: ReadonlyMap<number, EntraErrorInfo> = new Map(
  entraErrors.flatMap(({ numbers, ...meaning }) => numbers.map((number) => [number, meaning] as const)),
);

/** Microsoft's page about one AADSTS number. */
export function entraErrorUrl(number: number): string {
  return `https://login.microsoftonline.com/error?code=${number}`;
}
