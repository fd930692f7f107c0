// @ts-check
// Before anything is painted: the colours that were chosen, where they are not the system's.
document.documentElement.dataset['theme'] = localStorage.getItem('signet-theme') ?? '';
