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
  noSuchProject: [404, 'Signet.NoSuchProject', 'There is no such project.'],
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
  faults: {
    tokenMissing: emulatorRefusals.adminTokenMissing,
    tokenInvalid: emulatorRefusals.adminTokenMissing,
    tokenExpired: emulatorRefusals.adminTokenMissing,
    foreignProject: emulatorRefusals.noSuchProject,
    bodyNotJson: emulatorRefusals.bodyInvalid,
    bodyTooLong: emulatorRefusals.bodyInvalid,
    parameterMissing: emulatorRefusals.parameterMissing,
    parameterInvalid: emulatorRefusals.parameterInvalid,
    methodNotAllowed: emulatorRefusals.methodNotAllowed,
    internal: emulatorRefusals.internal,
  },
};
