/** The name as the pixels of a picture: packed, unpacked, read. */
import sharp from 'sharp'

export const open = () => ask('open')
export async function ask(id) {
  const pixels = Buffer.from(id.padEnd(30))
  const packed = await sharp(pixels, { raw: { width: 10, height: 1, channels: 3 } })
    .png()
    .toBuffer()
  const { data } = await sharp(packed).raw().toBuffer({ resolveWithObject: true })
  return data.toString().trim()
}
export const close = () => {}
