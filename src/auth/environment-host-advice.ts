/** Addresses that people paste for the organization's, and what to do instead. */
const knownWrongHosts: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /^(make|apps|create)\.(gov\.|high\.)?powerapps\.(com|us)$/,
    'That is the Power Apps site. There, open Settings (the gear) > Session details and copy "Instance url".',
  ],
  [
    /^(.+\.)?admin\.powerplatform\.microsoft\.(com|us)$/,
    'That is the admin center. There, open Environments > your environment and copy "Environment URL".',
  ],
  [
    /(^|\.)operations([0-9a-z.-]*)\.dynamics\.com$/,
    'That is a Finance and Operations address. Copy the environment URL of its Dataverse organization: Power Platform admin center > Environments.',
  ],
  [
    /(^|\.)(powerappsportals|powerpagesites)\.com$/,
    'That is a portal. Copy the environment URL of the organization behind it: Power Platform admin center > Environments.',
  ],
  [
    /^(globaldisco|disco)\./,
    'That is the discovery service, not an organization. Enter the environment URL, such as https://yourorg.crm.dynamics.com.',
  ],
  [
    /^login\./,
    'That is the sign-in page. Enter the environment URL, such as https://yourorg.crm.dynamics.com.',
  ],
  [
    /(^|\.)microsoftdynamics\.de$/,
    'The old German cloud is closed. Enter the environment URL that the organization has had since it moved.',
  ],
];

/** The next step for somebody who entered a host that is no organization. */
export function adviceForHost(host: string): string {
  const known = knownWrongHosts.find(([pattern]) => pattern.test(host));
  return (
    known?.[1] ??
    'Enter it as https://yourorg.crm.dynamics.com, with the letters and number of your region (crm4, crm11, ...): Power Platform admin center > Environments > your environment > Environment URL.'
  );
}
