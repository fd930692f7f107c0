import { told, type Candidate } from './candidate.ts';

const methods = ['get', 'post', 'put', 'delete', 'head', 'patch', 'options'];
const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override'];

export const methodCandidates: readonly Candidate[] = [
  {
    name: 'method',
    part: 'method',
    explanation: (how, { request, verb }) =>
      `The client signed the method ${told(how.toUpperCase())}; ${told(request.method)} ${verb}.`,
    remedy: 'Sign the method that arrives; let nothing on the way change it.',
    paired: 2,
    *attempts({ header, expected }) {
      const named = overrides.flatMap((name) => header(name)?.toLowerCase() ?? []);
      for (const method of new Set([...named, ...methods, '']))
        if (method !== expected.method) yield { how: method, change: (text) => ({ ...text, method }) };
    },
  },
];
