/** Signet without journal and metrics, to see what they cost: nobody is told of a request, so nothing is made to be told. */
import express from 'express';

interface Settable {
  set: (name: string, ...value: unknown[]) => unknown;
}

const application = express.application as Settable;
const { set } = application;
// With a name alone it is the way to ask for a setting.
application.set = function (this: Settable, name, ...value) {
  return set.call(this, name, ...(name === 'observe' ? value.map(() => undefined) : value));
};
await import('../src/main.ts');
