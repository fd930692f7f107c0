import { refusalOf, type ServiceError } from '../../errors.ts';
import { emulatorRefusals } from '../errors.ts';

/** The refusal of a text that is no request; `why` ends the sentence. */
export const unreadable = (why: string): ServiceError => refusalOf(emulatorRefusals.unreadableRequest, why);
