const get = async (id) => (await fetch(`${process.env.CHECK_UPSTREAM}/${id}`)).text()

export const open = () => get('open')
export const ask = async (id) => [...new Set(await Promise.all([get(id), get(id)]))].join()
