/** What a step of work comes to, with a line when it begins and one with its seconds when it ends, as the demo has them. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now()
  const took = () => `${Math.round((Date.now() - began) / 1000)} s`
  console.log(`▸ ${title}`)
  try {
    const result = await work()
    console.log(`▸ ${title}: done in ${took()}`)
    return result
  } catch (error) {
    console.log(`▸ ${title}: failed after ${took()}`)
    throw error
  }
}
