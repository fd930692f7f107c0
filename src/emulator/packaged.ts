/** A file that comes with the program, by its path from the project's folder. Here, since the bundle lies as deep as this folder does. */
export const packaged = (path: string): URL => new URL(`../../${path}`, import.meta.url);
