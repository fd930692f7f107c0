import { ServiceError, type Refusal } from '../../errors.ts';

/** A refusal of the gateway's with its reason, which goes to the journal. */
export class CallRefused extends ServiceError {
  constructor(refusal: Refusal, why: string, text?: string) {
    super(refusal, text, { why });
  }
}

/** Nobody waits for the answer any more. */
export class CallerGone extends Error {
  override name = 'CallerGone';

  constructor() {
    super('The caller went away before there was an answer.');
  }
}
