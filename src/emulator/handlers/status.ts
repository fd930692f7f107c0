import type { EmulatorContext, Family } from './family.ts';

export function statusHandlers({
  status,
  metrics,
}: EmulatorContext): Family<'showHealth' | 'showVersion' | 'showMetrics' | 'showContract' | 'showCaCertificate'> {
  return {
    async showHealth() {
      await status.assertReady();
      return { body: { status: 'ok', live: true, ready: true } };
    },

    async showVersion() {
      const { node, openssl } = process.versions;
      return { body: { name: 'signet', version: status.version, node, openssl } };
    },

    async showMetrics() {
      return { body: await metrics.text() };
    },

    async showContract() {
      return { body: { ...status.document } };
    },

    async showCaCertificate() {
      return { body: status.caCertificate() };
    },
  };
}
