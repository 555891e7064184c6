import type { ICredentialProperty, ICredentialTestRequest, ICredentialType } from 'n8n-workflow';

/** The origin of the environment URL, which users may enter with a path. */
const origin = '$self["environmentUrl"].trim().replace(/^(https?:\\/\\/[^\\/?#]+).*$/, "$1").toLowerCase()';

/** `authorityUrl` counts only if it and the environment are on this machine: a sandbox. */
const isLocal =
  '[$self["environmentUrl"], $self["authorityUrl"] || ""].every((url) => /^https?:\\/\\/(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?(\\/|$)/.test(url.trim()))';

const login =
  '({ gccHigh: "https://login.microsoftonline.us", dod: "https://login.microsoftonline.us", china: "https://login.partner.microsoftonline.cn" })[$self["cloud"]] || "https://login.microsoftonline.com"';

const authority = `((${isLocal}) ? $self["authorityUrl"].trim().replace(/\\/+$/, "") : (${login})) + "/" + encodeURIComponent(($self["tenant"] || "organizations").trim())`;

/** What the test says for a status, instead of the status. */
const testRules: ICredentialTestRequest['rules'] = [
  {
    value: 401,
    message:
      'The environment rejected the token. Check the environment URL and the cloud, then connect the credential again.',
  },
  {
    value: 403,
    message:
      'Signed in, but without access to this environment. In the Power Platform admin center, add the app as an application user with a security role, or give the user a license and a security role.',
  },
  {
    value: 404,
    message:
      'There is no Dataverse environment at this URL. It is the address in the browser when you work in Dynamics 365, up to the first slash.',
  },
].map((properties) => ({ type: 'responseCode', properties }));

/** The credential for an environment of Dynamics 365: a user or an app signs in. */
export class Dynamics365OAuth2Api implements ICredentialType {
  name = 'dynamics365OAuth2Api';

  displayName = 'Dynamics 365 Customer Service OAuth2 API';

  icon = 'file:dynamics365.svg' as const;

  documentationUrl =
    'https://github.com/dynamics365-connector/dynamics365-connector/blob/main/docs/hosts.md#n8n';

  extends = ['oAuth2Api'];

  properties: ICredentialProperty[] = [
    {
      displayName: 'Environment URL',
      name: 'environmentUrl',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://yourorg.crm.dynamics.com',
      description: 'The address in the browser when you work in Dynamics 365, up to the first slash',
    },
    {
      displayName: 'Cloud',
      name: 'cloud',
      type: 'options',
      default: 'commercial',
      options: [
        { name: 'China (21Vianet)', value: 'china' },
        { name: 'Commercial', value: 'commercial' },
        { name: 'US Government DoD', value: 'dod' },
        { name: 'US Government GCC', value: 'gcc' },
        { name: 'US Government GCC High', value: 'gccHigh' },
      ],
    },
    {
      displayName: 'Tenant',
      name: 'tenant',
      type: 'string',
      default: '',
      placeholder: 'contoso.onmicrosoft.com',
      description: 'ID or domain of the Microsoft Entra tenant. Required for client credentials.',
    },
    {
      displayName: 'Grant Type',
      name: 'grantType',
      type: 'options',
      default: 'pkce',
      options: [
        { name: 'User (Authorization Code with PKCE)', value: 'pkce' },
        { name: 'App (Client Credentials)', value: 'clientCredentials' },
      ],
    },
    {
      displayName: 'Maximum Requests',
      name: 'maxRequests',
      type: 'number',
      default: 0,
      typeOptions: { minValue: 0 },
      description:
        'How many of the requests that Dataverse allows a user in 5 minutes n8n may use. 0 means all; set less if other programs act as the same user.',
    },
    {
      displayName: 'Maximum Execution Time',
      name: 'maxExecutionMs',
      type: 'number',
      default: 0,
      typeOptions: { minValue: 0 },
      description: 'The combined execution time in 5 minutes that n8n may use, in milliseconds. 0 means all.',
    },
    {
      displayName: 'Maximum Concurrent Requests',
      name: 'maxConcurrentRequests',
      type: 'number',
      default: 0,
      typeOptions: { minValue: 0 },
      description: 'How many requests n8n may send at the same time. 0 means all that Dataverse allows.',
    },
    {
      displayName: 'Authority of a Sandbox',
      name: 'authorityUrl',
      type: 'hidden',
      default: '',
    },
    {
      displayName: 'Authorization URL',
      name: 'authUrl',
      type: 'hidden',
      default: `={{ ${authority} + "/oauth2/v2.0/authorize" }}`,
      required: true,
    },
    {
      displayName: 'Access Token URL',
      name: 'accessTokenUrl',
      type: 'hidden',
      default: `={{ ${authority} + "/oauth2/v2.0/token" }}`,
      required: true,
    },
    {
      displayName: 'Scope',
      name: 'scope',
      type: 'hidden',
      default: `={{ $self["grantType"] === "clientCredentials" ? ${origin} + "/.default" : "openid email profile offline_access " + ${origin} + "/user_impersonation" }}`,
    },
    {
      displayName: 'Auth URI Query Parameters',
      name: 'authQueryParameters',
      type: 'hidden',
      default: 'prompt=select_account',
    },
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'hidden',
      default: 'body',
    },
  ];

  test: ICredentialTestRequest = {
    request: {
      baseURL:
        '={{$credentials.environmentUrl.trim().replace(/^(https?:\\/\\/[^\\/?#]+).*$/, "$1").toLowerCase()}}',
      url: '/api/data/v9.2/WhoAmI',
    },
    rules: testRules,
  };
}
