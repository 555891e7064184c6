import { isLoopbackHost } from '../model/loopback.ts';

/** Hosts that users often enter by mistake, with the advice for each. */
const knownWrongHosts: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /^(make|apps|create)\.(gov\.|high\.)?powerapps\.(com|us)$/,
    'This is the Power Apps site. Open Settings (the gear) > Session details there and copy "Instance url".',
  ],
  [
    /^(.+\.)?admin\.powerplatform\.microsoft\.(com|us)$/,
    'This is the admin center. Open Environments > your environment there and copy "Environment URL".',
  ],
  [
    /(^|\.)operations([0-9a-z.-]{0,60})\.dynamics\.com$/,
    'This is the URL of a Finance and Operations app. Copy the environment URL of its Dataverse organization: Power Platform admin center > Environments.',
  ],
  [
    /(^|\.)(powerappsportals|powerpagesites)\.com$/,
    'This is a portal. Copy the environment URL of its Dataverse organization: Power Platform admin center > Environments.',
  ],
  [
    /^(globaldisco|disco)\./,
    'This is the discovery service, not an organization. Enter the environment URL, such as https://yourorg.crm.dynamics.com.',
  ],
  [
    /^login\./,
    'This is the sign-in page. Enter the environment URL, such as https://yourorg.crm.dynamics.com.',
  ],
  [
    /(^|\.)microsoftdynamics\.de$/,
    'The old German cloud is closed. Enter the new environment URL of the organization.',
  ],
];

const onPremisesAdvice =
  'Dynamics 365 on-premises, also with an internet-facing deployment (AD FS), is not supported: the connector signs in with Microsoft Entra ID. Enter the URL of an online environment, such as https://yourorg.crm.dynamics.com.';

/** Paths of an on-premises server: the name of the organization comes first. */
const onPremisesPath = /\/(?:XRMServices|[^/?#]+\/(?:XRMServices|main\.aspx|api\/data))\b/i;

/** Whether an address looks like that of a server on-premises: an internal name, an IP address, a path of such a server. */
export function isOnPremises(host: string, url: string): boolean {
  const name = host.replace(/:\d+$/, '');
  if (
    name === '' ||
    isLoopbackHost(name) ||
    /(^|\.)(dynamics|powerapps|microsoft)\.(com|us|cn|de)$/.test(name)
  )
    return false;
  const isInternal =
    !name.includes('.') || /\.(local|lan|intranet|internal|corp|home|localdomain)$/.test(name);
  const isServer = /^(adfs|sts|sts1|auth|internalcrm|crm|dev|disco)\./.test(name) && !/dynamic/.test(name);
  return (
    isInternal ||
    isServer ||
    /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ||
    onPremisesPath.test(url.slice(url.indexOf(host) + host.length))
  );
}

/** The problem and the advice for the address of a server on-premises. */
export function explainOnPremises(host: string): readonly [problem: string, advice: string] {
  return [
    `${host} is not an online environment; it looks like a Dynamics 365 server on-premises.`,
    onPremisesAdvice,
  ];
}

/** Returns the advice for a host that is not the host of an organization. */
export function adviceForHost(host: string): string {
  const known = knownWrongHosts.find(([pattern]) => pattern.test(host));
  return (
    known?.[1] ??
    'Enter the environment URL, such as https://yourorg.crm.dynamics.com, with the abbreviation of your region (crm4, crm11, ...). Copy it from the Power Platform admin center: Environments > your environment > Environment URL. Dynamics 365 on-premises is not supported.'
  );
}
