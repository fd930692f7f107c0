/** PROOF_SHARE=0.1 takes a tenth of all rounds: to try a change of a proof. */
const share = Number(process.env['PROOF_SHARE'] ?? 1);

export const rounds = (all: number): number => Math.max(1, Math.ceil(all * share));
