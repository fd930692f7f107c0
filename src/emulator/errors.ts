import { catalogue, nestedEnvelope, type ErrorDialect } from '../errors.ts';

/** Refusals of Signet's own operations; nothing of the vendors. */
export const emulatorRefusals = catalogue(nestedEnvelope, {
  adminTokenMissing: [
    401,
    'Signet.AdminTokenMissing',
    'From another machine, /_signet asks for the admin token in X-Signet-Token: SIGNET_ADMIN_TOKEN, or the one printed at the start.',
  ],
  foreignHost: [
    403,
    'Signet.ForeignHost',
    'This is not a name of this Signet. /_signet answers to localhost, to IP addresses, and to the host of SIGNET_EXTERNAL_URL.',
  ],
  foreignOrigin: [403, 'Signet.ForeignOrigin', 'Pages of another origin may not use /_signet.'],
  tokenInvalid: [401, 'Signet.InvalidToken', 'X-Auth-Token is not a token for a project, or it has expired.'],
  noSuchProject: [404, 'Signet.NoSuchProject', 'There is no such project.'],
  noSuchUser: [
    404,
    'Signet.NoSuchUser',
    "There is no such user in the project's domain, or none who may do everything.",
  ],
  invalidFault: [400, 'Signet.InvalidFault', '%(key)s'],
  invalidClock: [400, 'Signet.InvalidClock', '%(key)s'],
  noSuchFault: [404, 'Signet.NoSuchFault', 'There is no such fault rule.'],
  tooManyWaiters: [429, 'Signet.TooManyWaiters', 'So many wait for requests already that nobody else can.'],
  noSuchRequest: [404, 'Signet.NoSuchRequest', 'The journal has no such request, or has it no more.'],
  unreadableRequest: [400, 'Signet.UnreadableRequest', 'This is neither an HTTP request nor a curl command: %(key)s'],
  noSuchOciTenancy: [404, 'Signet.NoSuchOciTenancy', 'There is no such OCI tenancy.'],
  noSuchOciUser: [404, 'Signet.NoSuchOciUser', 'There is no such OCI user.'],
  noSuchOciKey: [404, 'Signet.NoSuchOciKey', 'There is no such OCI user, or no API key of this fingerprint.'],
  ociTaken: [409, 'Signet.OciTaken', '%(key)s'],
  tooManyOciKeys: [409, 'Signet.TooManyOciKeys', 'The OCI user has three API keys, and cannot have more.'],
  unusableOciKey: [400, 'Signet.UnusableOciKey', '%(key)s'],
  invalidOciDeployment: [400, 'Signet.InvalidOciDeployment', 'This cannot be deployed: %(key)s'],
  noSuchOciDeployment: [404, 'Signet.NoSuchOciDeployment', 'There is no such deployment.'],
  tooManyOciDeployments: [409, 'Signet.TooManyOciDeployments', 'There are 100 deployments, and there cannot be more.'],
  noSuchSnapshot: [404, 'Signet.NoSuchSnapshot', 'There is no snapshot of this name.'],
  invalidSnapshot: [400, 'Signet.InvalidSnapshot', 'This snapshot cannot be taken in: %(key)s'],
  seedUnusable: [409, 'Signet.SeedUnusable', 'The seed cannot be planted again: %(key)s'],
  wrongPassphrase: [400, 'Signet.WrongPassphrase', 'The snapshot is sealed, and not under this passphrase.'],
  notReady: [503, 'Signet.NotReady', 'This Signet takes no requests: %(key)s'],
  noTls: [404, 'Signet.NoTls', 'This Signet speaks plain HTTP only: see SIGNET_TLS.'],
  bodyInvalid: [400, 'Signet.InvalidBody', 'The body is not a JSON object, or longer than 1 MiB.'],
  parameterMissing: [400, 'Signet.MissingParameter', "'%(key)s' is missing."],
  parameterInvalid: [400, 'Signet.InvalidParameter', "'%(key)s' is not as openapi.yaml describes it."],
  methodNotAllowed: [
    405,
    'Signet.MethodNotAllowed',
    'The method is not one of those that openapi.yaml has for this path.',
  ],
  internal: [500, 'Signet.Internal', 'A fault of Signet itself; its log has the rest.'],
});

export const emulatorDialect: ErrorDialect = {
  catalogue: emulatorRefusals,
  faults: {
    tokenMissing: emulatorRefusals.adminTokenMissing,
    tokenInvalid: emulatorRefusals.tokenInvalid,
    tokenExpired: emulatorRefusals.tokenInvalid,
    foreignProject: emulatorRefusals.noSuchProject,
    bodyNotJson: emulatorRefusals.bodyInvalid,
    bodyTooLong: emulatorRefusals.bodyInvalid,
    parameterMissing: emulatorRefusals.parameterMissing,
    parameterInvalid: emulatorRefusals.parameterInvalid,
    methodNotAllowed: emulatorRefusals.methodNotAllowed,
    internal: emulatorRefusals.internal,
  },
};
