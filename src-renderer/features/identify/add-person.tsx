/** Gives the face to somebody of the gallery: a list to search. Renderer. */
import { PersonPicker } from '../../components/person-picker'
import { confirmFace } from '../../state/acts'
import { useVisor, useVisorStore } from '../../state/use-visor'

export function AddPerson() {
  const store = useVisorStore()
  const { domain, allDomains } = useVisor((state) => state.settings.search)
  return (
    <PersonPicker
      domain={allDomains ? null : domain}
      nobody="Nobody of that name. N makes a new person of this face."
      onChoose={({ personId }) => void confirmFace(store, personId)}
    />
  )
}
