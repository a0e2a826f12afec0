export const arrByAccount: any = null;
