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
    /(^|\.)operations([0-9a-z.-]*)\.dynamics\.com$/,
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

/** Returns the advice for a host that is not the host of an organization. */
export function adviceForHost(host: string): string {
  const known = knownWrongHosts.find(([pattern]) => pattern.test(host));
  return (
    known?.[1] ??
    'Enter the environment URL, such as https://yourorg.crm.dynamics.com, with the abbreviation of your region (crm4, crm11, ...). Copy it from the Power Platform admin center: Environments > your environment > Environment URL.'
  );
}
