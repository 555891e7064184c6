import type { SandboxOrganization } from './sandbox-organization.ts';
import type { DiscoveryInstance } from './server/discovery-handler.ts';
import { toFriendlyName } from './web-api/friendly-name.ts';

/** An organization as the discovery service lists it. `now`: milliseconds since the epoch. */
export function toDiscoveryInstance(
  organization: SandboxOrganization,
  tenantId: string,
  now: number,
): DiscoveryInstance {
  const { name, origin, organizationId } = organization;
  return {
    ApiUrl: origin,
    DatacenterId: null,
    DatacenterName: null,
    EnvironmentId: organizationId,
    FriendlyName: toFriendlyName(name),
    Id: organizationId,
    IsUserSysAdmin: true,
    LastUpdated: new Date(now).toISOString().replace('.000', ''),
    OrganizationType: 13,
    Purpose: 'Local sandbox',
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
