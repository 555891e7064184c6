import type { SandboxOrganisation } from './organisation.ts';
import type { Instance } from './server/discovery-server.ts';

/** How the discovery service lists an organisation. `now`: milliseconds since the epoch. */
export function instanceOf(organisation: SandboxOrganisation, tenantId: string, now: number): Instance {
  const { name, origin, organisationId } = organisation;
  return {
    ApiUrl: origin,
    DatacenterId: null,
    DatacenterName: null,
    EnvironmentId: organisationId,
    FriendlyName: name.charAt(0).toUpperCase() + name.slice(1),
    Id: organisationId,
    IsUserSysAdmin: true,
    LastUpdated: new Date(now).toISOString().replace('.000', ''),
    OrganizationType: 13,
    Purpose: 'Sandbox on this machine',
    Region: 'LOCAL',
    SchemaType: 'Standard',
    State: 0,
    StatusMessage: 0,
    TenantId: tenantId,
    TrialExpirationDate: null,
    UniqueName: name,
    Url: origin,
    UrlName: name,
    Version: '9.2.0.0',
  };
}
