import type { DataverseErrorCodes } from './error-explanation.ts';

const signInAgain =
  'Sign in again: in the connection of your host, or with `d365 connect`. If the error returns at once, check that the environment URL belongs to the tenant you sign in to.';

/** Errors of authentication and authorization, mostly with status 401 and 403. */
export const accessErrorCodes = {
  '0x8004a102': {
    name: 'BadAuthTicket',
    code: 'RECONNECT_NEEDED',
    cause: 'Dataverse cannot read the access token.',
    advice: signInAgain,
  },
  '0x8004a101': {
    name: 'ExpiredAuthTicket',
    code: 'RECONNECT_NEEDED',
    cause: 'The access token has expired.',
    advice: 'Repeat the call. If it happens again, check the clock of this machine.',
  },
  '0x8004a100': {
    name: 'InvalidAuthTicket',
    code: 'RECONNECT_NEEDED',
    cause: 'Dataverse does not accept the access token.',
    advice: signInAgain,
  },
  '0x8004a103': {
    name: 'InsufficientAuthTicket',
    code: 'RECONNECT_NEEDED',
    cause: 'The access token lacks a claim that Dataverse needs.',
    advice: signInAgain,
  },
  '0x8004a105': {
    name: 'TamperedAuthTicket',
    code: 'RECONNECT_NEEDED',
    cause: 'The access token was changed after it was signed.',
    advice: signInAgain,
  },
  '0x80040204': {
    name: 'InvalidUserAuth',
    code: 'RECONNECT_NEEDED',
    cause: 'The user could not be authenticated.',
    advice: signInAgain,
  },
  '0x80044302': {
    name: 'RequestIsNotAuthenticated',
    code: 'RECONNECT_NEEDED',
    cause: 'The request has no access token.',
    advice: signInAgain,
  },
  '0x80041d52': {
    name: 'ExpiredOAuthToken',
    code: 'RECONNECT_NEEDED',
    cause: 'The access token expired.',
    advice: signInAgain,
  },
  '0x80040277': {
    name: 'UnauthorizedAccess',
    code: 'RECONNECT_NEEDED',
    cause: 'Dataverse rejects the sign-in for this organization.',
    advice: signInAgain,
  },
  '0x80072559': {
    name: 'AADError',
    code: 'RECONNECT_NEEDED',
    cause: 'Microsoft Entra ID reported an error to Dataverse about this user.',
    advice: 'Read the message of the server, check the user in Entra ID and sign in again.',
  },
  '0x80072560': {
    name: 'UserNotMemberOfOrg',
    code: 'USER_NOT_IN_ORG',
    cause: 'The token is valid, but its user is not a member of this organization.',
    advice:
      'For an app: create an application user with its client id in the Power Platform admin center and give it a security role. For a person: add them to the environment.',
  },
  '0x8004a112': {
    name: 'SystemUserDisabled',
    code: 'USER_NOT_IN_ORG',
    cause: 'The user exists in this organization but is disabled.',
    advice: 'Ask an administrator to enable the user (license, environment group, or application user).',
  },
  '0x80042f09': {
    name: 'UserNotAssignedRoles',
    code: 'USER_NOT_IN_ORG',
    cause: 'The user has no security role in this organization.',
    advice: 'Ask an administrator to give the user (or application user) a security role.',
  },
  '0x80042f0a': {
    name: 'TeamNotAssignedRoles',
    code: 'ACCESS_DENIED',
    cause: 'The team that is the new owner of the row has no security role.',
    advice: 'Ask an administrator to give the team a security role, or choose another owner.',
  },
  '0x8004d24b': {
    name: 'UserNotAssignedLicense',
    code: 'USER_NOT_IN_ORG',
    cause: 'The user has no license for this organization.',
    advice: 'Assign a Dynamics 365 license in the Microsoft 365 admin center, or use an application user.',
  },
  '0x80044507': {
    name: 'UserDoesNotHaveAccessToTheTenant',
    code: 'USER_NOT_IN_ORG',
    cause: 'The user has no access to this tenant.',
    advice: 'Check that the environment URL and the account belong to the same tenant.',
  },
  '0x8004a104': {
    name: 'OrganizationDisabled',
    code: 'ACCESS_DENIED',
    cause: 'The organization is disabled.',
    advice: 'Ask an administrator: the organization can be in administration mode, expired, or being copied.',
  },
  '0x80040220': {
    name: 'PrivilegeDenied',
    code: 'ACCESS_DENIED',
    cause: 'The user lacks a privilege for this operation.',
    advice: 'Ask a Dataverse administrator for a security role with the privilege that the server names.',
  },
  '0x80040231': {
    name: 'PrincipalPrivilegeDenied',
    code: 'ACCESS_DENIED',
    cause: 'The user, or the new owner of the row, lacks a privilege for this operation.',
    advice:
      'Ask a Dataverse administrator for a security role with the privilege that the server names. It can name the owner instead of the caller.',
  },
  '0x80048405': {
    name: 'AccessDenied',
    code: 'ACCESS_DENIED',
    cause: 'Dataverse denies access.',
    advice: 'Ask a Dataverse administrator for a security role with the privilege that the server names.',
  },
  '0x80048306': {
    name: 'unManagedIdsAccessDenied',
    code: 'ACCESS_DENIED',
    cause:
      'The user has no access to this row: the access level of the privilege does not include its owner.',
    advice:
      'Ask an administrator for a higher access level (business unit, organization), or share the row with the user.',
  },
  '0x8004020d': {
    name: 'InvalidAccessRights',
    code: 'ACCESS_DENIED',
    cause: 'The user lacks an access right on this row.',
    advice: 'Share the row with the user or assign it, or ask for a higher access level.',
  },
  '0x80040256': {
    name: 'CrmSecurityError',
    code: 'ACCESS_DENIED',
    cause: 'A security check of Dataverse failed.',
    advice: 'Ask a Dataverse administrator for a security role with the privilege that the server names.',
  },
  '0x80044502': {
    name: 'InsufficientAccessMode',
    code: 'ACCESS_DENIED',
    cause: 'The access mode of the user does not allow this operation.',
    advice: 'Ask an administrator to set the access mode to Read-Write or Non-interactive.',
  },
  '0x80041d40': {
    name: 'ReadOnlyUserNotSupported',
    code: 'ACCESS_DENIED',
    cause: 'The user has read-only access.',
    advice: 'Use a user whose access mode is Read-Write or Non-interactive.',
  },
  '0x8004a110': {
    name: 'CannotActOnBehalfOfAnotherUser',
    code: 'ACCESS_DENIED',
    cause: 'The user cannot act on behalf of another user.',
    advice:
      'Ask for the Delegate role (privilege prvActOnBehalfOfAnotherUser), or call without impersonation.',
  },
  '0x80040245': {
    name: 'CrmImpersonationError',
    code: 'ACCESS_DENIED',
    cause: 'The user to act for cannot be impersonated.',
    advice: 'Check the id of the user to act for: it must be an enabled user of this organization.',
  },
  '0x8004f504': {
    name: 'AttributePermissionReadIsMissing',
    code: 'ACCESS_DENIED',
    cause: 'A column is secured, and the user cannot read it.',
    advice: 'Ask an administrator for a column security profile that allows reading it.',
  },
  '0x8004f507': {
    name: 'AttributePermissionUpdateIsMissingDuringUpdate',
    code: 'ACCESS_DENIED',
    cause: 'A column is secured, and the user cannot update it.',
    advice:
      'Ask an administrator for a column security profile that allows updating it, or remove the column.',
  },
  '0x8004f502': {
    name: 'AttributePrivilegeCreateIsMissing',
    code: 'ACCESS_DENIED',
    cause: 'A column is secured, and the user cannot set it on a new row.',
    advice:
      'Ask an administrator for a column security profile that allows creating it, or remove the column.',
  },
  '0x8004f506': {
    name: 'QueryContainedSecuredAttributeWithoutAccess',
    code: 'ACCESS_DENIED',
    cause: 'The query uses a secured column that the user cannot read.',
    advice: 'Remove the column from the filter and the order, or ask for a column security profile.',
  },
  '0x80095ffe': {
    name: 'IpAddressBlocked',
    code: 'ACCESS_DENIED',
    cause: 'The organization’s IP firewall blocks the address of this machine.',
    advice:
      'Ask an administrator to allow the address in the environment’s IP firewall, or connect through an allowed network.',
  },
} satisfies DataverseErrorCodes;
