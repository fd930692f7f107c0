// @ts-check
/** What one window of the console remembers: the project, and the admin token where one is asked for. */

/** @param {string} name */
const kept = (name) => ({
  get: () => sessionStorage.getItem(`signet-${name}`) ?? '',
  /** @param {string} value */
  set: (value) => sessionStorage.setItem(`signet-${name}`, value),
});

export const project = kept('project');
export const adminToken = kept('admin-token');
