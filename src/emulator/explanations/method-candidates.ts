import { attempt, distinct, type Candidate } from './candidate.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];

export const methodCandidates: readonly Candidate[] = [
  {
    name: 'method',
    part: 'method',
    explanation: 'The client signed the method %s.',
    remedy: 'Sign the method that is sent, in capitals.',
    paired: 2,
    attempts: ({ header }, { method }) =>
      distinct([
        ...[header('x-http-method-override'), header('x-http-method'), header('x-method-override')],
        ...methods.filter((other) => other !== method),
        ...[method.toLowerCase(), `${method.charAt(0)}${method.slice(1).toLowerCase()}`, ''],
      ]).map((other) => attempt({ method: other }, other || 'of no name')),
  },
];
