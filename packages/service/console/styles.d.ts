/** The bundler writes style sheets into files of their own. */
declare module '*.css';
